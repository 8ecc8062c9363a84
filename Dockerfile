# SPDX-License-Identifier: Apache-2.0
# Muster in a container: musterd and muster, no compiler, no shell session needed, not root.
#
# PostgreSQL is elsewhere: give MUSTER_DATABASE_URL through a file (a mounted /etc/muster/muster.ini) or a secret of your
# orchestrator. Keys, certificates, role passwords and the journal are in /var/lib/muster: mount a volume that outlives the
# container, and run `muster init` and `muster migrate` once:
#   docker run --rm -v muster:/var/lib/muster -v ./muster.ini:/etc/muster/muster.ini:ro muster muster -c /etc/muster/muster.ini init
FROM debian:12-slim AS build
WORKDIR /src
COPY cmd/dev/packages.sh cmd/dev/packages.sh
RUN cmd/dev/packages.sh build && rm -rf /var/lib/apt/lists/*
COPY Makefile ./
COPY cmd cmd
COPY lib lib
COPY sql sql
RUN make -j"$(nproc)" all && make install DESTDIR=/out PREFIX=/usr && strip /out/usr/sbin/musterd /out/usr/bin/muster

FROM debian:12-slim
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates curl libevent-2.1-7 \
      libbrotli1 libevent-openssl-2.1-7 libjansson4 liboath0 libphonenumber8 libpq5 libqrencode4 libseccomp2 libsodium23 libssl3 zlib1g \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin muster \
 && install -d -o muster -g muster -m 0750 /var/lib/muster \
 && install -d -m 0755 /etc/muster \
 && touch /etc/muster/muster.ini
COPY --from=build /out/ /
ENV MUSTER_STATE_DIR=/var/lib/muster \
    MUSTER_PUBLIC_LISTEN=0.0.0.0:8443 \
    MUSTER_DESK_LISTEN=0.0.0.0:9443 \
    MUSTER_OPS_LISTEN=127.0.0.1:9090
USER muster
VOLUME /var/lib/muster
EXPOSE 8443 9443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
  CMD ["curl", "-fsS", "--max-time", "4", "-o", "/dev/null", "http://127.0.0.1:9090/readyz"]
CMD ["musterd", "-c", "/etc/muster/muster.ini"]

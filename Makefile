# SPDX-License-Identifier: Apache-2.0
# Muster: one Makefile, not recursive. `make help` lists what it does.

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# --- what is built -----------------------------------------------------------------------------------------------------
# VARIANT release (default) goes to build/, asan to build/asan/, fuzz to build/fuzz/, clang to build/clang/.
VARIANT ?= release
ifeq ($(VARIANT),release)
  O := build
else
  O := build/$(VARIANT)
endif
GEN := build/gen

LLHTTP_SOURCE  ?= /usr/share/llhttp
LLHTTP_INCLUDE ?= /usr/share/include/llhttp
LEAFLET        ?= /usr/share/javascript/leaflet
PACKAGES := libevent libevent_openssl openssl libpq jansson libsodium libseccomp libcurl libbrotlienc zlib liboath libqrencode

V ?= 0
ifeq ($(V),0)
  Q := @
  say = @printf '  %-8s %s\n' '$(1)' '$(2)'
else
  Q :=
  say =
endif

ifneq ($(filter fuzz clang,$(VARIANT)),)
  CC := clang
  CXX := clang++
else
  CC := gcc
  CXX := g++
endif

WARN_BOTH := -Wall -Wextra -Werror -Wshadow -Wconversion -Wsign-conversion -Wformat=2 -Wundef -Wcast-align -Wcast-qual \
             -Wwrite-strings -Wpointer-arith -Wvla -Wnull-dereference -Wdouble-promotion -Wimplicit-fallthrough
WARN_C    := $(WARN_BOTH) -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wnested-externs
ifeq ($(CC),gcc)
  WARN_C += -Wjump-misses-init -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Walloca -Wtrampolines
endif
CPPFLAGS_ALL := -D_GNU_SOURCE -Ilib -I$(GEN) -I$(LLHTTP_INCLUDE) -DLLHTTP_STRICT_MODE=1 $(CPPFLAGS)
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
LDHARDEN := -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed
ifeq ($(VARIANT),asan)
  MODE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -fno-common
  LDMODE := -fsanitize=address,undefined
else ifeq ($(VARIANT),fuzz)
  MODE := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
  LDMODE := -fsanitize=address,undefined
else
  MODE := -O2 -g $(HARDEN)
  LDMODE := $(LDHARDEN)
endif
# Asked only when something is compiled, so `make help` works before the packages are installed.
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $(shell pkg-config --libs $(PACKAGES)))$(PKG_LIBS)
CFLAGS_ALL   = -std=c17 $(WARN_C) $(MODE) -include core/banned.h $(CPPFLAGS_ALL) $(PKG_CFLAGS) $(CFLAGS)
CXXFLAGS_ALL = -std=c++17 $(WARN_BOTH) $(MODE) $(CPPFLAGS_ALL) $(CXXFLAGS)
LIBS = $(PKG_LIBS) -lphonenumber -lstdc++ -lpthread -lm

# --- modules, and who may include whom (lower on the left of `<-` in the architecture) ----------------------------------
MODULES := core domain seal net pg journal store exchange gateway page edge desk courier ops drill
ROOM    := core domain seal net pg journal
LAYER_core     := core
LAYER_domain   := core domain
LAYER_seal     := core seal
LAYER_net      := core net
LAYER_pg       := core pg
LAYER_journal  := core journal
LAYER_store    := $(ROOM) store
LAYER_exchange := $(ROOM) exchange
LAYER_gateway  := core domain seal net gateway
LAYER_page     := $(ROOM) page
LAYER_edge     := $(ROOM) store exchange gateway page edge
LAYER_desk     := $(ROOM) store exchange page desk
LAYER_courier  := $(ROOM) store exchange gateway page courier
LAYER_ops      := core net ops
LAYER_drill    := core domain net drill

LIB_SOURCES := $(sort $(foreach m,$(MODULES),$(wildcard lib/$(m)/*.c)))
LIB_CXX     := $(sort $(foreach m,$(MODULES),$(wildcard lib/$(m)/*.cc)))
GEN_SOURCES := $(GEN)/pg/statement_table.c $(GEN)/pg/migration_table.c $(GEN)/pg/sample_table.c $(GEN)/page/asset_table.c \
               $(GEN)/domain/sms_word_table.c
GEN_HEADERS := $(GEN)/pg/statement_list.h
LLHTTP_OBJECTS := $(O)/obj/llhttp/llhttp.o $(O)/obj/llhttp/api.o $(O)/obj/llhttp/http.o
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(O)/obj/%.o) $(LIB_CXX:%.cc=$(O)/obj/%.o) $(GEN_SOURCES:$(GEN)/%.c=$(O)/obj/gen/%.o)
MUSTERD_OBJECTS := $(patsubst %.c,$(O)/obj/%.o,$(wildcard cmd/musterd/*.c))
MUSTER_OBJECTS  := $(patsubst %.c,$(O)/obj/%.o,$(wildcard cmd/muster/*.c))
UNIT_SOURCES := $(sort $(wildcard tests/unit/*/*_test.c))
UNIT_TESTS   := $(UNIT_SOURCES:tests/unit/%.c=$(O)/tests/%)
FUZZ_SOURCES := $(sort $(wildcard tests/fuzz/*_fuzz.c))
FUZZERS      := $(FUZZ_SOURCES:tests/fuzz/%.c=$(O)/%)
BENCH_TOOLS  := $(patsubst tests/bench/%.c,$(O)/bench/%,$(wildcard tests/bench/*.c))
# tests/fault: *_shim.c are preloaded into the service, *fs.c are FUSE file systems, the rest are programs.
FAULT_SOURCES  := $(sort $(wildcard tests/fault/*.c))
FAULT_SHIMS    := $(patsubst tests/fault/%.c,$(O)/fault/%.so,$(filter %_shim.c,$(FAULT_SOURCES)))
FAULT_FS       := $(patsubst tests/fault/%.c,$(O)/fault/%,$(filter %fs.c,$(FAULT_SOURCES)))
CUT_OBJECTS    := $(patsubst %.c,$(O)/obj/%.o,$(sort $(wildcard tests/fault/cut/*.c)))
FAULT_PROGRAMS := $(patsubst tests/fault/%.c,$(O)/fault/%,$(filter-out %_shim.c %fs.c,$(FAULT_SOURCES)))

.PHONY: all help run check check-fault fault-tools fmt lint layers symbols headers fuzz fuzz-short bench bench-tools unit clean install packages fuzzers
all: $(O)/musterd $(O)/muster ## build build/musterd and build/muster

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

# --- rules ---------------------------------------------------------------------------------------------------------------
$(GEN)/pg/statement_list.h $(GEN)/pg/statement_table.c &: cmd/dev/embed_statements.awk $(sort $(wildcard sql/queries/*.sql))
	$(call say,EMBED,sql/queries)
	$(Q)mkdir -p $(GEN)/pg
	$(Q)awk -v list=$(GEN)/pg/statement_list.h -v table=$(GEN)/pg/statement_table.c -f $^

$(GEN)/pg/migration_table.c: cmd/dev/embed_migrations.awk $(sort $(wildcard sql/migrations/*.sql))
	$(call say,EMBED,sql/migrations)
	$(Q)mkdir -p $(@D)
	$(Q)awk -f $^ >$@

$(GEN)/pg/sample_table.c: cmd/dev/embed_samples.awk $(sort $(wildcard sql/samples/*.sql sql/samples/*.csv))
	$(call say,EMBED,sql/samples)
	$(Q)mkdir -p $(@D)
	$(Q)awk -f $^ >$@

$(GEN)/page/asset_table.c: cmd/dev/embed_assets.py $(sort $(wildcard lib/page/assets/*) $(wildcard lib/page/templates/*) $(wildcard lib/page/texts/*)) \
                               $(LEAFLET)/leaflet.min.js $(LEAFLET)/leaflet.css
	$(call say,EMBED,lib/page)
	$(Q)mkdir -p $(@D)
	$(Q)/usr/bin/python3 $^ >$@

$(GEN)/domain/sms_word_table.c: cmd/dev/embed_words.py $(sort $(wildcard lib/domain/words/*.words))
	$(call say,EMBED,lib/domain/words)
	$(Q)mkdir -p $(@D)
	$(Q)/usr/bin/python3 $^ >$@

$(O)/obj/%.o: %.c | $(GEN_HEADERS)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

$(O)/obj/gen/%.o: $(GEN)/%.c | $(GEN_HEADERS)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

$(O)/obj/%.o: %.cc
	$(call say,CXX,$<)
	@mkdir -p $(@D)
	$(Q)$(CXX) $(CXXFLAGS_ALL) -MMD -MP -c $< -o $@

# llhttp is compiled from where Debian installs its C source; its generated code is not held to our warnings.
$(O)/obj/llhttp/%.o: $(LLHTTP_SOURCE)/%.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 $(MODE) -DLLHTTP_STRICT_MODE=1 -I$(LLHTTP_INCLUDE) -c $< -o $@

$(O)/libmuster.a: $(LIB_OBJECTS) $(LLHTTP_OBJECTS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

$(O)/musterd: $(MUSTERD_OBJECTS) $(O)/libmuster.a
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LDMODE) $(LDFLAGS) $^ $(LIBS) -o $@

$(O)/muster: $(MUSTER_OBJECTS) $(O)/libmuster.a
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LDMODE) $(LDFLAGS) $^ $(LIBS) -o $@

$(O)/tests/%: $(O)/obj/tests/unit/%.o $(O)/libmuster.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CXX) $(LDMODE) $^ $(LIBS) -lcmocka -o $@

$(O)/%_fuzz: $(O)/obj/tests/fuzz/%_fuzz.o $(O)/libmuster.a
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LDMODE) -fsanitize=fuzzer $^ $(LIBS) -o $@

$(O)/bench/%: $(O)/obj/tests/bench/%.o $(O)/libmuster.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CXX) $(LDMODE) $^ $(LIBS) -o $@

$(FAULT_PROGRAMS): $(O)/fault/%: $(O)/obj/tests/fault/%.o $(O)/libmuster.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CXX) $(LDMODE) $^ $(LIBS) -o $@

$(FAULT_FS:$(O)/fault/%=$(O)/obj/tests/fault/%.o): CFLAGS += $(shell pkg-config --cflags fuse3)
$(FAULT_FS): $(O)/fault/%: $(O)/obj/tests/fault/%.o $(CUT_OBJECTS) $(O)/libmuster.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CXX) $(LDMODE) $^ $(LIBS) $$(pkg-config --libs fuse3) -o $@

# A shim stands between a program and its libc, whatever the variant of the program: no sanitizer, nothing of ours in it.
$(FAULT_SHIMS): $(O)/fault/%.so: tests/fault/%.c
	$(call say,SHIM,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c17 $(WARN_C) -O2 -g -shared -fPIC $(CPPFLAGS_ALL) $(PKG_CFLAGS) -MMD -MP -MF $(@:.so=.d) $< -ldl -o $@

.PRECIOUS: $(O)/obj/tests/unit/%.o $(O)/obj/tests/fuzz/%.o $(O)/obj/tests/bench/%.o $(O)/obj/tests/fault/%.o
-include $(LIB_OBJECTS:.o=.d) $(MUSTERD_OBJECTS:.o=.d) $(MUSTER_OBJECTS:.o=.d) $(UNIT_SOURCES:%.c=$(O)/obj/%.d) $(FAULT_SOURCES:%.c=$(O)/obj/%.d) \
         $(FAULT_SHIMS:.so=.d) $(CUT_OBJECTS:.o=.d)

# --- what people type -----------------------------------------------------------------------------------------------------
packages: ## install the Debian packages that building and running need
	$(Q)cmd/dev/packages.sh build run

run: ## install what is missing, build, start a private PostgreSQL and musterd with the sample crisis; Ctrl-C stops it
	$(Q)cmd/dev/packages.sh build run
	$(Q)$(MAKE) --no-print-directory all
	$(Q)exec cmd/dev/run.sh

check: ## install what is missing, build with sanitizers, run every test
	$(Q)cmd/dev/packages.sh build run test
	$(Q)cmd/dev/axe.sh
	$(Q)tests/check.sh

check-fault: ## kill, stall, cut off and starve it, in full: about two hours
	$(Q)cmd/dev/packages.sh build run test
	$(Q)$(MAKE) --no-print-directory all fault-tools bench-tools
	$(Q)$(MAKE) --no-print-directory VARIANT=asan all fault-tools
	$(Q)MUSTER_FAULT_FULL=1 MUSTER_TEST_BUILD=build /usr/bin/python3 -B -m pytest -c tests/pytest.ini -o faulthandler_timeout=7200 \
	    -v -s tests/fault

fault-tools: $(FAULT_PROGRAMS) $(FAULT_FS) $(FAULT_SHIMS)

unit: $(UNIT_TESTS) ## build and run the unit tests (VARIANT=asan for sanitizers)
	$(Q)tests/unit/pg_cluster.sh sh -c 'for test in $(UNIT_TESTS); do $$test || exit 1; done'

bench-tools: $(BENCH_TOOLS)

bench: ## measure, beside a peer in the same run (PART=million for one part)
	$(Q)cmd/dev/packages.sh build run test bench
	$(Q)$(MAKE) --no-print-directory all bench-tools
	$(Q)tests/bench/bench.py $(PART)

fuzzers: $(FUZZERS)

fuzz: ## run each fuzzer for FUZZ_SECONDS (default 60)
	$(Q)$(MAKE) --no-print-directory VARIANT=fuzz fuzzers
	$(Q)tests/fuzz/fuzz.sh $${FUZZ_SECONDS:-60}

layers: ## check that includes point one way
	$(Q)$(foreach m,$(MODULES),cmd/dev/layers.sh $(m) $(LAYER_$(m)) &&) true

headers: | $(GEN_HEADERS) ## check that each header compiles alone
	$(Q)for h in lib/*/*.h; do $(CC) -std=c17 $(WARN_C) $(CPPFLAGS_ALL) $(PKG_CFLAGS) -include core/banned.h -fsyntax-only -x c -Wno-unused-function $$h || exit 1; done

symbols: $(O)/libmuster.a ## check that each module exports names with its files' prefixes only
	$(Q)cmd/dev/symbols.sh $(O)/libmuster.a

lint: layers headers symbols ## layers, headers, symbols, sizes of files and functions, format
	$(Q)cmd/dev/lint.sh

fmt: ## format the C sources
	$(Q)clang-format -i $$(git ls-files '*.c' '*.h' '*.cc')

PREFIX ?= /usr/local
install: all ## install under DESTDIR/PREFIX
	install -D -m 0755 $(O)/musterd $(DESTDIR)$(PREFIX)/sbin/musterd
	install -D -m 0755 $(O)/muster $(DESTDIR)$(PREFIX)/bin/muster
	install -D -m 0644 -t $(DESTDIR)$(PREFIX)/share/muster/scenarios docs/scenarios/*.json
	install -D -m 0644 -t $(DESTDIR)$(PREFIX)/share/man/man1 docs/man/*.1

clean: ## remove build/
	rm -rf build

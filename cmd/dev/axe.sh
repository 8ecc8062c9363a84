#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# axe.sh: axe-core, which the browser tests check accessibility with, into build/tools; Debian does not have it. Nothing of it is kept in the
# repository or shipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=4.14.1
there=build/tools/node_modules/axe-core
grep -q "\"version\": \"$version\"" "$there/package.json" 2>/dev/null && exit 0
command -v npm >/dev/null || { echo "axe.sh: npm is missing; cmd/dev/packages.sh test installs it" >&2; exit 1; }
mkdir -p build/tools
npm install --prefix build/tools --no-save --no-audit --no-fund --ignore-scripts --loglevel=error "axe-core@$version" >&2

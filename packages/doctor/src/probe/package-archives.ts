/* Makes packages of the canaries in the format of each manager. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tar } from '@tarwarden/guarded-run/trial-archives';
import { tarball, zip, type Canary } from './canaries.ts';
import type { CanaryFolders } from './watch.ts';

const NAME = 'canary';
const VERSION = '1.0.0';

/** Writes the archive for a canary, and other files that it needs. Returns the path of the archive. */
export type PackCanary = (canary: Canary, place: CanaryFolders) => string;

export const packTar: PackCanary = (canary, { root, sentinel }) =>
  put(join(root, 'canary.tgz'), tarball(canary, { sentinel }));

export const packZip: PackCanary = (canary, { root, sentinel }) =>
  put(join(root, 'canary.zip'), zip(canary, { sentinel }));

export const packNpm: PackCanary = (canary, { root, sentinel }) => {
  const first = [{ path: 'package.json', body: `{"name":"${NAME}","version":"${VERSION}"}\n` }];
  return put(join(root, 'canary.tgz'), tarball(canary, { sentinel, prefix: 'package/', first }));
};

const METADATA = `Metadata-Version: 2.1\nName: ${NAME}\nVersion: ${VERSION}\n`;
const WHEEL =
  'Wheel-Version: 1.0\nGenerator: tarwarden\nRoot-Is-Purelib: true\nTag: py3-none-any\n';

export const packWheel: PackCanary = (canary, { root, sentinel }) => {
  const folder = `${NAME}-${VERSION}.dist-info`;
  const first = [
    { path: `${folder}/METADATA`, body: METADATA },
    { path: `${folder}/WHEEL`, body: WHEEL },
    { path: `${folder}/RECORD`, body: '' },
  ];
  const file = join(root, `${NAME}-${VERSION}-py3-none-any.whl`);
  return put(file, zip(canary, { sentinel, first }));
};

export const OUT_VARIABLE = 'TARWARDEN_PROBE_OUT';

/**
 * Builds a wheel with the one file of each canary, without any library. pip removes the unpacked sdist afterwards. So links that lead out
 * of it are made again in the folder that the variable names, where the trial finds them.
 */
const BACKEND = `
import os, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    here, out = os.path.realpath("."), os.environ["${OUT_VARIABLE}"]
    count = 0
    for parent, folders, files in os.walk("."):
        for name in folders + files:
            path = os.path.join(parent, name)
            away = os.path.islink(path) and not (os.path.realpath(path) + os.sep).startswith(here + os.sep)
            if away or (os.path.isfile(path) and os.lstat(path).st_nlink > 1):
                count += 1
                left = os.path.join(out, "left-%d" % count)
                os.symlink(os.path.realpath(path), left) if away else os.link(path, left)
    name = "${NAME}-${VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.write("inside.txt")
        wheel.writestr("${NAME}-${VERSION}.dist-info/METADATA", ${JSON.stringify(METADATA)})
        wheel.writestr("${NAME}-${VERSION}.dist-info/WHEEL", ${JSON.stringify(WHEEL)})
        wheel.writestr("${NAME}-${VERSION}.dist-info/RECORD", "")
    return name
`;

const PYPROJECT =
  '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n';

export const packSdist: PackCanary = (canary, { root, sentinel }) => {
  const first = [
    { path: 'PKG-INFO', body: METADATA },
    { path: 'pyproject.toml', body: PYPROJECT },
    { path: 'backend.py', body: BACKEND },
  ];
  const prefix = `${NAME}-${VERSION}/`;
  return put(join(root, `${NAME}-${VERSION}.tar.gz`), tarball(canary, { sentinel, prefix, first }));
};

const GEMSPEC = `--- !ruby/object:Gem::Specification
name: ${NAME}
version: !ruby/object:Gem::Version
  version: ${VERSION}
platform: ruby
authors:
- tarwarden
bindir: bin
cert_chain: []
date: 1980-01-02 00:00:00.000000000 Z
dependencies: []
executables: []
extensions: []
extra_rdoc_files: []
files:
- inside.txt
licenses:
- MIT
require_paths:
- lib
required_ruby_version: !ruby/object:Gem::Requirement
  requirements:
  - - ">="
    - !ruby/object:Gem::Version
      version: '0'
required_rubygems_version: !ruby/object:Gem::Requirement
  requirements:
  - - ">="
    - !ruby/object:Gem::Version
      version: '0'
requirements: []
rubygems_version: 3.0.0
specification_version: 4
summary: A canary
test_files: []
`;

export const packGem: PackCanary = (canary, { root, sentinel }) => {
  const metadata = gzipSync(GEMSPEC);
  const data = tarball(canary, { sentinel });
  const sum = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex');
  const checksums = `---\nSHA512:\n  metadata.gz: '${sum(metadata)}'\n  data.tar.gz: '${sum(data)}'\n`;
  const files = [
    { path: 'metadata.gz', body: metadata },
    { path: 'data.tar.gz', body: data },
    { path: 'checksums.yaml.gz', body: gzipSync(checksums) },
  ];
  return put(join(root, `${NAME}-${VERSION}.gem`), tar(files));
};

export const GO_MODULE = 'canary.test/canary';
export const GO_VERSION = 'v1.0.0';

/** A folder in the form of a proxy, in which go finds the module. */
export function goProxy({ root }: Pick<CanaryFolders, 'root'>): string {
  return join(root, 'proxy');
}

export const packGo: PackCanary = (canary, place) => {
  const folder = join(goProxy(place), GO_MODULE, '@v');
  const mod = `module ${GO_MODULE}\n`;
  put(join(folder, `${GO_VERSION}.info`), `{"Version":"${GO_VERSION}"}`);
  put(join(folder, `${GO_VERSION}.mod`), mod);
  const prefix = `${GO_MODULE}@${GO_VERSION}/`;
  const options = { sentinel: place.sentinel, prefix, first: [{ path: 'go.mod', body: mod }] };
  return put(join(folder, `${GO_VERSION}.zip`), zip(canary, options));
};

function put(file: string, content: string | Uint8Array): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** Wheels and source archives that pip can install; the archives are built by a backend of their own, which leaves a trace. */
import { createHash, randomBytes } from 'node:crypto';
import { gzip } from '../gzip.ts';
import { archive, entry } from '../tar.ts';
import { UNIX, zip, zipSymlink, type ZipEntry } from '../zip.ts';

export interface DistOptions {
  readonly name: string;
  readonly version?: string;
  /** Requirements at run time. */
  readonly requires?: readonly string[];
  /** More lines of the metadata. */
  readonly more?: readonly string[];
  /** A line of its metadata, by which it is told from another of its name and version. */
  readonly summary?: string;
  /** Adds a link to a file outside, which every rule set refuses. */
  readonly hostile?: boolean;
  /** Bytes of a file more, which no compression makes fewer. */
  readonly padding?: number;
  /** Adds a file twice, with different bytes: refused, though pip itself installs it. */
  readonly twice?: boolean;
}

export interface SdistOptions extends DistOptions {
  /** Requirements of its build. */
  readonly buildRequires?: readonly string[];
  /** Lines of Python that run when the wheel is built. */
  readonly onBuild?: readonly string[];
  /** The wheel that is built has a link to a file outside. */
  readonly buildsHostile?: boolean;
  /** More files. */
  readonly files?: Readonly<Record<string, string>>;
}

/** An archive with the name by which pip knows it. */
export interface Dist {
  readonly project: string;
  readonly fileName: string;
  readonly bytes: Buffer;
  /** Of a wheel. */
  readonly metadata?: string;
  /** The versions of Python on the page of the index. */
  readonly requiresPython?: string;
  /** Where an index says that it is, if that is elsewhere. */
  readonly url?: string;
  /** What the server calls it when it is fetched. */
  readonly served?: string;
}

/** Variable with the file to which builds append the name of what they build. */
export const TRACE = 'TARWARDEN_TEST_TRACE';

/** The rule that every hostile one breaks. */
export const RULE = 'symlink';

const OUTSIDE = '../../../sentinel/secret';

function metadataOf(options: DistOptions): string {
  const { name, version = '1.0', requires = [], summary, more = [] } = options;
  const needs = requires.map((one) => `Requires-Dist: ${one}\n`).join('');
  const about = summary === undefined ? '' : `Summary: ${summary}\n`;
  const others = more.map((line) => `${line}\n`).join('');
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${about}${needs}${others}`;
}

const WHEEL = 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n';

export function wheelOf(options: DistOptions): Dist {
  const { name, version = '1.0', hostile = false, twice = false, padding = 0 } = options;
  const info = `${name}-${version}.dist-info`;
  const metadata = metadataOf(options);
  const files: readonly (readonly [string, string])[] = [
    [`${name}/__init__.py`, 'value = 1\n'],
    [`${info}/METADATA`, metadata],
    [`${info}/WHEEL`, WHEEL],
    ...(padding > 0 ? [[`${name}/padding`, paddingOf(padding)] as const] : []),
  ];
  const link = hostile ? [zipSymlink(`${name}/link`, OUTSIDE)] : [];
  const double = twice ? ['one', 'two'].map((body) => doubleOf(name, body)) : [];
  const listed = [
    ...files,
    ...(twice ? [[`${name}/twice`, 'two'] as const] : []),
    ...(hostile ? [[`${name}/link`, OUTSIDE] as const] : []),
  ];
  const record = listed.map(([path, body]) => `${path},sha256=${sha256(body)},${body.length}\n`);
  const last: ZipEntry = {
    name: `${info}/RECORD`,
    body: `${record.join('')}${info}/RECORD,,\n`,
    mode: UNIX.file + 0o644,
  };
  const entries = files.map(([path, body]): ZipEntry => ({
    name: path,
    body,
    mode: UNIX.file + 0o644,
  }));
  return {
    project: name,
    fileName: `${name}-${version}-py3-none-any.whl`,
    bytes: zip([...entries, ...double, ...link, last]),
    metadata,
  };
}

function doubleOf(name: string, body: string): ZipEntry {
  return { name: `${name}/twice`, body, mode: UNIX.file + 0o644 };
}

function paddingOf(bytes: number): string {
  return randomBytes(bytes / 2).toString('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** What a source archive needs to be built without any other package. */
export function buildFiles(options: SdistOptions): Readonly<Record<string, string>> {
  const { name, version = '1.0', buildRequires = [], onBuild = [], buildsHostile } = options;
  const info = `${name}-${version}.dist-info`;
  const backend = `
import base64, hashlib, os, sys, zipfile
INFO, METADATA, WHEEL = ${JSON.stringify(info)}, ${JSON.stringify(metadataOf(options))}, ${JSON.stringify(WHEEL)}
def trace():
    with open(os.environ[${JSON.stringify(TRACE)}], 'a') as file: file.write(${JSON.stringify(`${name}\n`)})
def get_requires_for_build_wheel(settings=None):
    trace()
    return []
def prepare_metadata_for_build_wheel(folder, settings=None):
    trace()
    os.makedirs(os.path.join(folder, INFO))
    for name, text in (('METADATA', METADATA), ('WHEEL', WHEEL)):
        with open(os.path.join(folder, INFO, name), 'w') as file: file.write(text)
    return INFO
def build_wheel(folder, settings=None, metadata=None):
    trace()
${onBuild.map((line) => `    ${line}\n`).join('')}    name = ${JSON.stringify(`${name}-${version}-py3-none-any.whl`)}
    files = [(${JSON.stringify(`${name}/__init__.py`)}, 'value = 1\\n'), (INFO + '/METADATA', METADATA), (INFO + '/WHEEL', WHEEL)]
    record = ''
    with zipfile.ZipFile(os.path.join(folder, name), 'w') as file:
        for path, text in files:
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()
            record += '%s,sha256=%s,%d\\n' % (path, digest, len(text))
        for path, text in files + [(INFO + '/RECORD', record + INFO + '/RECORD,,\\n')]:
            one = zipfile.ZipInfo(path); one.external_attr = 0o100644 << 16
            file.writestr(one, text)
        if ${buildsHostile === true ? 'True' : 'False'}:
            link = zipfile.ZipInfo(${JSON.stringify(`${name}/link`)}); link.external_attr = 0o120777 << 16
            file.writestr(link, ${JSON.stringify(OUTSIDE)})
    return name
`;
  return {
    'PKG-INFO': metadataOf(options),
    'pyproject.toml': `[build-system]\nrequires = ${JSON.stringify(buildRequires)}\nbuild-backend = "backend"\nbackend-path = ["."]\n`,
    'backend.py': backend,
  };
}

export function sdistOf(options: SdistOptions): Dist {
  const { name, version = '1.0', hostile = false, twice = false, padding = 0 } = options;
  const top = `${name}-${version}`;
  const padded = padding > 0 ? { padding: paddingOf(padding) } : {};
  const parts = Object.entries({ ...buildFiles(options), ...padded, ...options.files }).map(
    ([path, body]) => entry({ name: `${top}/${path}`, body }),
  );
  const link = entry({ name: `${top}/link`, typeflag: '2', linkname: `../${OUTSIDE}` });
  const double = ['one', 'two'].map((body) => entry({ name: `${top}/twice`, body }));
  const more = [...(hostile ? [link] : []), ...(twice ? double : [])];
  return {
    project: name,
    fileName: `${top}.tar.gz`,
    bytes: gzip(archive(...parts, ...more, Buffer.alloc(1024))),
  };
}

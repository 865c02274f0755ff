/** Models how pip installs a wheel: files go to site-packages, and those in `.data` to the folder of their scheme. */
import { posix } from 'node:path';
import { type Disk, fail } from '../disk.ts';
import { type PipArchive, isTextWithin, modeOf, PythonZip } from './sdist.ts';

/** The major version of the format that pip knows. */
const FORMAT_VERSION = 1;

/** A file name of PEP 427, from which pip takes the name of the package. */
const WHEEL_NAME = /^(?<name>[^\s-]+?)-[^\s-]*?(?:-\d[^-]*?)?-[^\s-]+?-[^\s-]+?-[^\s-]+?\.whl$/;

/** Folders of the environment, below its root and without `lib/python3.X/`. */
const LIB = 'site-packages';

function canonical(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

/** Installs the wheel. Returns the paths of commands for which pip writes the script or its first line. */
export function installWheel(
  { bytes, fileName }: PipArchive,
  disk: Disk,
  newer: boolean,
): string[] {
  const named = WHEEL_NAME.exec(fileName)?.groups;
  if (named === undefined) fail('its file is not named as a wheel is');
  const { name = '' } = named;
  const zip = new PythonZip(bytes, newer);
  const info = infoFolder(zip, name);
  checkMetadata(zip, info, newer ? name : undefined);
  const commands = commandsOf(zip.read(`${info}/entry_points.txt`)?.toString() ?? '');
  const paths = zip.items.map((item) => item.name).filter((path) => !path.endsWith('/'));
  const isData = (path: string): boolean => /^[^/]*\.data(?:\/|$)/.test(path);
  const isScript = (path: string): boolean => /^[^/]*\.data\/scripts\//.test(path);
  const schemes = schemesOf(name, disk);
  const rest = paths.filter(isData);
  const plan = [
    ...paths.filter((path) => !isData(path)).map((path) => ({ path, to: inLib(path, disk) })),
    ...rest
      .filter((path) => !isScript(path))
      .map((path) => ({ path, to: inScheme(path, schemes) })),
    ...rest
      .filter(isScript)
      .map((path) => ({ path, to: inScheme(path, schemes) }))
      .filter(({ to }) => !commands.includes(commandName(to()))),
  ];
  const rewritten: string[] = [];
  for (const { path, to } of plan) {
    const item = zip.last(path);
    const place = to();
    disk.folder(posix.dirname(place));
    if (disk.exists(place)) disk.remove(place);
    const content = zip.read(path);
    disk.write(place, content ?? Buffer.alloc(0), 0o644);
    if (item !== undefined && modeOf(item) === 0o755) disk.chmod(place, 0o755);
    if (isScript(path) && content?.toString('latin1', 0, 8) === '#!python') rewritten.push(place);
  }
  return [
    ...rewritten.map((place) => posix.relative(disk.root, place)),
    // Newer versions join the name to the folder, even if it climbs.
    ...commands.map((name) => posix.join('bin', newer ? name : posix.basename(name))),
  ];
}

function infoFolder(zip: PythonZip, name: string): string {
  const folders = new Set(zip.items.map((item) => item.name.split('/', 1)[0] ?? ''));
  const infos = [...folders].filter((folder) => folder.endsWith('.dist-info'));
  const [info, ...others] = infos;
  if (info === undefined) fail('there is no .dist-info folder');
  if (others.length > 0) fail('there are two .dist-info folders');
  if (!canonical(info).startsWith(canonical(name)))
    fail('its .dist-info folder is of another package');
  return info;
}

/** Newer versions of pip compare the name in METADATA with that of the file. */
function checkMetadata(zip: PythonZip, info: string, name: string | undefined): void {
  const wheel = header(zip.read(`${info}/WHEEL`), 'Wheel-Version');
  if (wheel === undefined || !/^[\s\d.]+$/.test(wheel)) fail('its WHEEL file has no version');
  if (Number.parseInt(wheel, 10) > FORMAT_VERSION)
    fail('its format is of a version that is not known');
  const own = header(zip.read(`${info}/METADATA`), 'Name') ?? '';
  if (name !== undefined && canonical(own) !== canonical(name))
    fail('its METADATA has another name than its file');
  if (zip.last(`${info}/RECORD`) === undefined) fail('it has no RECORD');
}

function header(content: Buffer | undefined, key: string): string | undefined {
  const [head = ''] = (content?.toString() ?? '').split(/\r?\n\r?\n/, 1);
  return new RegExp(`^${key}:[ \\t]*(.*)$`, 'im').exec(head)?.[1]?.trim();
}

function schemesOf(name: string, { root }: Disk): ReadonlyMap<string, string> {
  return new Map([
    ['purelib', `${root}/${LIB}`],
    ['platlib', `${root}/${LIB}`],
    ['headers', `${root}/include/${name}`],
    ['scripts', `${root}/bin`],
    ['data', root],
  ]);
}

/** Returns a function for the path in site-packages. It fails when it is called, since pip fails between two files. */
function inLib(path: string, { root }: Disk): () => string {
  return () => below(`${root}/${LIB}`, posix.normalize(path));
}

function inScheme(path: string, schemes: ReadonlyMap<string, string>): () => string {
  return () => {
    const [, scheme = '', ...rest] = posix.normalize(path).split('/');
    const folder = schemes.get(scheme);
    if (folder === undefined || rest.length === 0)
      fail('a file of .data is in no scheme that is known');
    return below(folder, rest.join('/'));
  };
}

function below(folder: string, path: string): string {
  const place = path.startsWith('/') ? path : posix.join(folder, path);
  if (!isTextWithin(folder, place)) fail('an entry would be written outside');
  return place;
}

function commandName(place: string): string {
  return posix.basename(place).replace(/(?:\.exe|-script\.py|\.pya)$/i, '');
}

/** Names of the commands in an entry_points.txt, for which pip writes scripts. */
export function commandsOf(text: string): string[] {
  const names: string[] = [];
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const title = /^\[([^\]]*)\]\s*$/.exec(line)?.[1];
    if (title !== undefined) section = title.trim();
    else if (section === 'console_scripts' || section === 'gui_scripts') {
      const name = line.slice(0, Math.max(0, line.indexOf('='))).trim();
      if (name !== '' && !/^[#;]/.test(name)) names.push(name);
    }
  }
  return names;
}

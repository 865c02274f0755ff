/** Models how pip installs a wheel: files go to site-packages, and those in `.data` to the folder of their scheme. */
import { posix } from 'node:path';
import { pypiNameKey } from '@tarwarden/core/metadata';
import type { Unpacked } from '../view.ts';
import { type Disk, fail } from '../disk.ts';
import type { LenientZip } from '../lenient-zip.ts';
import { type PipArchive, isTextWithin, modeOf, pythonZip } from './sdist.ts';

/** The major version of the format that pip knows. */
const FORMAT_VERSION = 1;

/** A file name of PEP 427, from which pip takes the name of the package. */
const WHEEL_NAME = /^(?<name>[^\s-]+?)-[^\s-]*?(?:-\d[^-]*?)?-[^\s-]+?-[^\s-]+?-[^\s-]+?\.whl$/;

/** Folders of the environment, below its root and without `lib/python3.X/`. */
const LIB = 'site-packages';

/** Installs the wheel. Returns its files, and the commands for which pip writes the script or its first line. */
export function installWheel(
  { bytes, fileName }: PipArchive,
  disk: Disk,
  newer: boolean,
): Unpacked[] {
  const { name } = WHEEL_NAME.exec(fileName)?.groups ?? {};
  if (name === undefined) return fail('its file is not named as a wheel is');
  const zip = pythonZip(bytes, newer);
  const info = infoFolder(zip, name);
  checkMetadata(zip, info, newer ? name : undefined);
  const commands = commandsOf(zip.read(`${info}/entry_points.txt`)?.toString() ?? '');
  const paths = zip.items.map((item) => item.name).filter((path) => !path.endsWith('/'));
  const diskPathOf = (path: string): string => installPath(path, name, disk);
  const data = paths.filter(isData);
  const plan = [
    ...paths.filter((path) => !isData(path)),
    ...data.filter((path) => !isScript(path)),
    ...data.filter((path) => isScript(path) && !commands.includes(commandName(diskPathOf(path)))),
  ];
  const rewritten: string[] = [];
  for (const path of plan) {
    const diskPath = diskPathOf(path);
    const item = zip.last.get(path);
    disk.folder(posix.dirname(diskPath));
    const content = zip.read(path) ?? Buffer.alloc(0);
    if (disk.exists(diskPath)) disk.remove(diskPath);
    disk.write(diskPath, content, item === undefined ? 0o644 : modeOf(item));
    if (isScript(path) && content.toString('latin1', 0, 8) === '#!python')
      rewritten.push(posix.relative(disk.root, diskPath));
  }
  // Newer versions join the name to the folder, even if it climbs.
  const commandPaths = commands.map((command) =>
    posix.join('bin', newer ? command : posix.basename(command)),
  );
  const scriptPaths = new Set([...rewritten, ...commandPaths]);
  return [
    ...disk.files.flatMap((file): Unpacked[] => {
      if (scriptPaths.has(file.path)) return [];
      return [/^site-packages[^/]/.test(file.path) ? { ...file, outside: true } : file];
    }),
    ...[...scriptPaths].map((path): Unpacked => {
      return { path, ...(!path.startsWith('bin/') && { outside: true }), kind: 'command' };
    }),
  ];
}

function isData(path: string): boolean {
  return /^[^/]*\.data(?:\/|$)/.test(path);
}

function isScript(path: string): boolean {
  return /^[^/]*\.data\/scripts\//.test(path);
}

function infoFolder(zip: LenientZip, name: string): string {
  const folders = new Set(zip.items.map((item) => item.name.split('/', 1)[0] ?? ''));
  const infos = [...folders].filter((folder) => folder.endsWith('.dist-info'));
  const [info, ...otherInfos] = infos;
  if (info === undefined) fail('there is no .dist-info folder');
  if (otherInfos.length > 0) fail('there are two .dist-info folders');
  if (!pypiNameKey(info).startsWith(pypiNameKey(name)))
    fail('its .dist-info folder is of another package');
  return info;
}

/** Newer versions of pip compare the name in METADATA with that of the file. */
function checkMetadata(zip: LenientZip, info: string, name: string | undefined): void {
  const wheel = header(zip.read(`${info}/WHEEL`), 'Wheel-Version');
  if (wheel === undefined || !/^[\s\d.]+$/.test(wheel)) fail('its WHEEL file has no version');
  if (Number.parseInt(wheel, 10) > FORMAT_VERSION)
    fail('its format is of a version that is not known');
  const metadataName = header(zip.read(`${info}/METADATA`), 'Name') ?? '';
  if (name !== undefined && pypiNameKey(metadataName) !== pypiNameKey(name))
    fail('its METADATA has another name than its file');
  if (zip.last.get(`${info}/RECORD`) === undefined) fail('it has no RECORD');
}

function header(content: Buffer | undefined, key: string): string | undefined {
  const [head = ''] = (content?.toString() ?? '').split(/\r?\n\r?\n/, 1);
  return new RegExp(`^${key}:[ \\t]*(.*)$`, 'im').exec(head)?.[1]?.trim();
}

/** The path at which pip installs a file. An impossible path fails only when pip comes to this file. */
function installPath(path: string, name: string, { root }: Disk): string {
  const normal = posix.normalize(path);
  if (!isData(path)) return below(`${root}/${LIB}`, normal);
  const schemes = new Map([
    ['purelib', `${root}/${LIB}`],
    ['platlib', `${root}/${LIB}`],
    ['headers', `${root}/include/${name}`],
    ['scripts', `${root}/bin`],
    ['data', root],
  ]);
  const [, scheme = '', ...components] = normal.split('/');
  const folder = schemes.get(scheme);
  if (folder === undefined || components.length === 0)
    return fail('a file of .data is in no scheme that is known');
  return below(folder, components.join('/'));
}

function below(folder: string, path: string): string {
  const diskPath = path.startsWith('/') ? path : posix.join(folder, path);
  return isTextWithin(folder, diskPath) ? diskPath : fail('an entry would be written outside');
}

function commandName(diskPath: string): string {
  return posix.basename(diskPath).replace(/(?:\.exe|-script\.py|\.pya)$/i, '');
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

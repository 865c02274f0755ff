import { MAX_VIEW_PATH_WORK } from '@tarwarden/core/limits';
import { installGem } from './gem/gem.ts';
import { lenientGunzip } from './lenient-gzip.ts';
import { walkTar, type LenientEntry } from './lenient-tar.ts';
import { land, type Model, MODELS } from './managers.ts';
import type { NpmViewer, View, Unpacked, Viewer } from './view.ts';
import { ClientError, Disk, fail, NotModelled } from './disk.ts';
import { unpackModule } from './go/module.ts';
import { unpackSdist } from './pip/sdist.ts';
import { installWheel } from './pip/wheel.ts';

/** Unpacks a package of npm as one manager does. */
function unpackPackage(model: Model, bytes: Uint8Array, disk: Disk): void {
  const { entries, skipped, error } = walkTar(lenientGunzip(bytes, model.gzip), model.dialect);
  refuseTooMuchWork(entries);
  for (const { path, reason } of skipped) disk.lose(path, reason);
  for (const entry of entries) land(model, entry, disk);
  const problem =
    entries.length === 0 && model.installsNothing !== true ? 'there is no entry in it' : error;
  if (problem !== undefined) fail(problem);
  const document = disk.at('package.json');
  const wrong = document?.kind === 'file' ? model.manifest?.(document.content) : undefined;
  if (wrong !== undefined) fail(wrong);
  if (model.withoutFolder !== undefined)
    for (const path of disk.empty(`${disk.root}/${model.withoutFolder}`))
      disk.lose(path, `its linker leaves out what lies in ${model.withoutFolder}`);
  if (model.placeholder !== undefined && document === undefined) {
    const content = Buffer.from(model.placeholder);
    disk.put('package.json', { kind: 'file', mode: 0o644, content });
  }
}

/** Limits the folders that the model looks up for all paths. */
function refuseTooMuchWork(entries: readonly LenientEntry[]): void {
  let work = 0;
  for (const { path } of entries) {
    work += path.length * path.split(/[/\\]/).length;
    if (work > MAX_VIEW_PATH_WORK)
      throw new NotModelled('its paths are longer than what is modelled');
  }
}

/** An archive, and the facts that a client knows besides its bytes. */
interface ViewedArchive<Bytes = Buffer> {
  readonly bytes: Bytes;
  /** Name of the file without a folder. pip goes by it. */
  readonly fileName: string;
  /** `module@version`, for Go. */
  readonly expected?: string | undefined;
}

/** Unpacks an archive. Returns a note about the result, or other files than those on the disk. */
type Unpack = (archive: ViewedArchive, disk: Disk) => void | string | readonly Unpacked[];

/** The clients of each format. */
const CLIENTS: Readonly<Record<string, Partial<Record<Viewer, Unpack>>>> = {
  npm: Object.fromEntries(
    Object.entries(MODELS).map(([viewer, model]): [string, Unpack] => [
      viewer,
      ({ bytes }, disk) => unpackPackage(model, bytes, disk),
    ]),
  ),
  sdist: {
    'pip-25': (archive, disk) => unpackSdist(archive, disk, true),
    'pip-23': (archive, disk) => unpackSdist(archive, disk, false),
  },
  wheel: {
    'pip-25': (archive, disk) => installWheel(archive, disk, true),
    'pip-23': (archive, disk) => installWheel(archive, disk, false),
  },
  gem: { gem: ({ bytes }, disk) => installGem(bytes, disk) },
  gomod: { go: ({ bytes, expected }, disk) => unpackModule(bytes, disk, expected) },
};

/** The view of each client for an archive of a format. Undefined if no client is modelled. Pure and bounded. */
export function viewsOf(format: string, archive: ViewedArchive<Uint8Array>): View[] | undefined {
  const { buffer, byteOffset, byteLength } = archive.bytes;
  const viewed = { ...archive, bytes: Buffer.from(buffer, byteOffset, byteLength) };
  const clients = CLIENTS[format];
  return (
    clients &&
    Object.entries(clients).map(([viewer, unpack]) => view(viewer as Viewer, unpack, viewed))
  );
}

/** The view of one manager for a package of npm. */
export function viewOf(viewer: NpmViewer, bytes: Buffer): View {
  const unpack: Unpack = (archive, disk) => unpackPackage(MODELS[viewer], archive.bytes, disk);
  return view(viewer, unpack, { bytes, fileName: '' });
}

function view(viewer: Viewer, unpack: Unpack, archive: ViewedArchive): View {
  try {
    const disk = new Disk();
    const result = unpack(archive, disk) ?? '';
    const [files, note] = typeof result === 'string' ? [disk.files, result] : [result, ''];
    return { viewer, outcome: 'installs', files, lost: disk.lost, note };
  } catch (error) {
    const outcome = error instanceof ClientError ? 'error' : 'unknown';
    if (outcome === 'unknown' && !(error instanceof NotModelled)) throw error;
    return { viewer, outcome, files: [], lost: [], note: (error as Error).message };
  }
}

import { MAX_VIEW_PATH_WORK } from '../../limits.ts';
import { installGem } from './gem/gem.ts';
import { lenientGunzip } from './lenient-gzip.ts';
import { walkTar, type LenientEntry } from './lenient-tar.ts';
import { land, MODELS } from './managers.ts';
import { type NpmViewer, type View, NPM_VIEWERS, type Unpacked, type Viewer } from './view.ts';
import { ClientError, Disk, fail, NotModelled } from './disk.ts';
import { unpackModule } from './go/module.ts';
import { unpackSdist } from './pip/sdist.ts';
import { installWheel } from './pip/wheel.ts';

/** The files that a manager would unpack from an archive, according to its model. Pure and bounded. */
export function viewOf(viewer: NpmViewer, bytes: Uint8Array): View {
  return view(viewer, (disk) => unpackPackage(viewer, bytes, disk));
}

function unpackPackage(viewer: NpmViewer, bytes: Uint8Array, disk: Disk): void {
  const model = MODELS[viewer];
  const { entries, skipped, error } = walkTar(lenientGunzip(bytes, model.gzip), model.dialect);
  refuseTooMuchWork(entries);
  for (const { path, why } of skipped) disk.lose(path, why);
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
type Unpack = (disk: Disk) => void | string | readonly Unpacked[];

/** Clients other than those of npm, by the format of the archive. */
const CLIENTS: Readonly<
  Record<string, readonly [Viewer, (archive: ViewedArchive, disk: Disk) => ReturnType<Unpack>][]>
> = {
  sdist: [
    ['pip-25', (archive, disk) => unpackSdist(archive, disk, true)],
    ['pip-23', (archive, disk) => unpackSdist(archive, disk, false)],
  ],
  wheel: [
    ['pip-25', (archive, disk) => installWheel(archive, disk, true)],
    ['pip-23', (archive, disk) => installWheel(archive, disk, false)],
  ],
  gem: [['gem', ({ bytes }, disk) => installGem(bytes, disk)]],
  gomod: [['go', ({ bytes, expected }, disk) => unpackModule(bytes, disk, expected)]],
};

/** The view of each client for an archive of a format. Undefined if no client is modelled. Pure and bounded. */
export function viewsOf(format: string, archive: ViewedArchive<Uint8Array>): View[] | undefined {
  if (format === 'npm')
    return NPM_VIEWERS.map((viewer: NpmViewer) => viewOf(viewer, archive.bytes));
  const { buffer, byteOffset, byteLength } = archive.bytes;
  const viewed = { ...archive, bytes: Buffer.from(buffer, byteOffset, byteLength) };
  return CLIENTS[format]?.map(([viewer, unpack]) => view(viewer, (disk) => unpack(viewed, disk)));
}

function view(viewer: Viewer, unpack: Unpack): View {
  try {
    const disk = new Disk();
    const result = unpack(disk) ?? '';
    const [files, note] = typeof result === 'string' ? [disk.files, result] : [result, ''];
    return { viewer, outcome: 'installs', files, lost: disk.lost, note };
  } catch (error) {
    const none = { viewer, files: [], lost: [] };
    if (error instanceof ClientError) return { ...none, outcome: 'error', note: error.message };
    if (error instanceof NotModelled) return { ...none, outcome: 'unknown', note: error.message };
    throw error;
  }
}

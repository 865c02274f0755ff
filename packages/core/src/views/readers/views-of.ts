import { ClientError, Disk, NotModelled } from './disk.ts';
import { installGem } from './gem/gem.ts';
import { unpackModule } from './go/module.ts';
import { unpackSdist } from './pip/sdist.ts';
import { installWheel } from './pip/wheel.ts';
import { viewOf } from './view-of.ts';
import {
  NPM_VIEWERS,
  type Lost,
  type NpmViewer,
  type Unpacked,
  type View,
  type Viewer,
} from './view.ts';

/** An archive, and the facts that a client knows besides its bytes. */
export interface ViewedArchive {
  readonly bytes: Uint8Array;
  /** Name of the file without a folder. pip goes by it. */
  readonly fileName: string;
  /** `module@version`, for Go. */
  readonly expected?: string | undefined;
}

/** The result of a model. The note is shown if the client installs the archive. */
interface Made {
  readonly files: readonly Unpacked[];
  readonly lost: readonly Lost[];
  readonly note?: string;
}

/** Clients other than those of npm, by the format of the archive. */
const MODELS: Readonly<Record<string, readonly [Viewer, (archive: ViewedArchive) => Made][]>> = {
  sdist: [
    ['pip-25', (archive) => sdist(archive, true)],
    ['pip-23', (archive) => sdist(archive, false)],
  ],
  wheel: [
    ['pip-25', (archive) => wheel(archive, true)],
    ['pip-23', (archive) => wheel(archive, false)],
  ],
  gem: [['gem', gem]],
  gomod: [['go', goModule]],
};

/** The view of each client for an archive of a format. Undefined if no client is modelled. Pure and bounded. */
export function viewsOf(format: string, archive: ViewedArchive): View[] | undefined {
  if (format === 'npm')
    return NPM_VIEWERS.map((viewer: NpmViewer) => viewOf(viewer, archive.bytes));
  return MODELS[format]?.map(([viewer, model]) => view(viewer, () => model(archive)));
}

function view(viewer: Viewer, make: () => Made): View {
  try {
    return { viewer, outcome: 'installs', note: '', ...make() };
  } catch (error) {
    const none = { viewer, files: [], lost: [] };
    if (error instanceof ClientError) return { ...none, outcome: 'error', note: error.message };
    if (error instanceof NotModelled) return { ...none, outcome: 'unknown', note: error.message };
    throw error;
  }
}

function buffer({ bytes }: ViewedArchive): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function sdist(archive: ViewedArchive, newer: boolean): Made {
  const disk = new Disk();
  const lost: Lost[] = [];
  const pip = { bytes: buffer(archive), fileName: archive.fileName };
  const note = unpackSdist(pip, { disk, lost, newer });
  return { files: disk.files, lost, note };
}

function wheel(archive: ViewedArchive, newer: boolean): Made {
  const disk = new Disk();
  const pip = { bytes: buffer(archive), fileName: archive.fileName };
  const commands = new Set(installWheel(pip, disk, newer));
  const files = disk.files.flatMap((file) => {
    if (commands.has(file.path)) return [];
    return [/^site-packages[^/]/.test(file.path) ? { ...file, outside: true as const } : file];
  });
  const written = [...commands].map((path): Unpacked => {
    const outside = path.startsWith('bin/') ? {} : { outside: true as const };
    return { path, ...outside, kind: 'command' };
  });
  return { files: [...files, ...written], lost: [] };
}

function gem(archive: ViewedArchive): Made {
  const disk = new Disk();
  const lost: Lost[] = [];
  installGem(buffer(archive), disk, lost);
  return { files: disk.files, lost };
}

function goModule(archive: ViewedArchive): Made {
  const disk = new Disk();
  unpackModule(buffer(archive), disk, archive.expected);
  return { files: disk.files, lost: [] };
}

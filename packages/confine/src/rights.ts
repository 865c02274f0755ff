/* Landlock's rights by the version of its interface (ABI), as linux/landlock.h numbers them. */

const FS = {
  writeFile: 1 << 1,
  readFile: 1 << 2,
  removeDir: 1 << 4,
  removeFile: 1 << 5,
  makeChar: 1 << 6,
  makeDir: 1 << 7,
  makeReg: 1 << 8,
  makeSock: 1 << 9,
  makeFifo: 1 << 10,
  makeBlock: 1 << 11,
  makeSym: 1 << 12,
  /** Moving and linking between folders. */
  refer: 1 << 13,
  truncate: 1 << 14,
  ioctlDev: 1 << 15,
} as const;

const TCP = { bind: 1 << 0, connect: 1 << 1 } as const;

const SCOPE = { abstractSockets: 1 << 0, signals: 1 << 1 } as const;

/** Below it truncating is not handled, so that every file outside could be emptied. Linux 6.2. */
export const ABI_MIN = 3;
const ABI_TCP = 4;
const ABI_IOCTL = 5;
const ABI_SCOPE = 6;

/** Writing in a folder, without making devices. */
const WRITE_FOLDER =
  FS.writeFile |
  FS.removeDir |
  FS.removeFile |
  FS.makeDir |
  FS.makeReg |
  FS.makeSock |
  FS.makeFifo |
  FS.makeSym |
  FS.refer |
  FS.truncate;

/** What each kind of grant allows. The helper leaves out what a file cannot have. */
export const GRANTS: Readonly<Record<GrantKind, number>> = {
  write: WRITE_FOLDER,
  device: FS.writeFile | FS.truncate | FS.ioctlDev,
  read: FS.readFile,
  remove: FS.removeDir | FS.removeFile,
};

export type GrantKind = 'write' | 'device' | 'read' | 'remove';

/** Of these, what may be given for a file. */
export const FILE_RIGHTS: number = FS.writeFile | FS.readFile | FS.truncate | FS.ioctlDev;

/** What a ruleset denies unless a rule allows it. */
export interface Handled {
  readonly fs: number;
  readonly net: number;
  readonly scope: number;
  /** Bytes of the structure that this ABI takes. */
  readonly size: number;
}

export interface Denial {
  /** Deny reading files as well. Names can be listed everywhere, or programs that list folders upwards stop. */
  readonly reading: boolean;
  readonly network: boolean;
}

export function handled(abi: number, { reading, network }: Denial): Handled {
  const writing = WRITE_FOLDER | FS.makeChar | FS.makeBlock;
  return {
    fs: writing | (abi >= ABI_IOCTL ? FS.ioctlDev : 0) | (reading ? GRANTS.read : 0),
    net: network && abi >= ABI_TCP ? TCP.bind | TCP.connect : 0,
    scope: abi >= ABI_SCOPE ? SCOPE.abstractSockets | SCOPE.signals : 0,
    size: abi >= ABI_SCOPE ? 24 : abi >= ABI_TCP ? 16 : 8,
  };
}

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

/** An older ABI does not handle truncation, so that a program could empty every file. This one came with Linux 6.2. */
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

/** The rights of each kind of grant. The helper leaves out rights that a file cannot have. */
export const GRANTS: Readonly<Record<GrantKind, number>> = {
  write: WRITE_FOLDER,
  device: FS.writeFile | FS.truncate | FS.ioctlDev,
  read: FS.readFile,
  remove: FS.removeDir | FS.removeFile,
};

export type GrantKind = 'write' | 'device' | 'read' | 'remove';

/** The rights that a file can have. */
export const FILE_RIGHTS: number = FS.writeFile | FS.readFile | FS.truncate | FS.ioctlDev;

/** The rights that a program loses unless a rule allows them. */
export interface Handled {
  readonly fs: number;
  readonly net: number;
  readonly scope: number;
  /** The size of the kernel's structure in this ABI. */
  readonly size: number;
}

export interface Denial {
  /** Reading files is denied as well. Names can be listed everywhere, because programs that list folders upwards would stop. */
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

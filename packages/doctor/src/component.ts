/** Where versions are ordered alike: OSV's ecosystems, and CPython, which OSV has no package of. */
export type OsvEcosystem = 'npm' | 'PyPI' | 'RubyGems' | 'Go' | 'cpython';

/** A program or library that unpacks archives, or decides where they are unpacked, and where it was found. */
export interface Component {
  readonly ecosystem: OsvEcosystem;
  /** As its ecosystem has it; `cpython` for Python itself. */
  readonly name: string;
  readonly version: string;
  readonly origin: ComponentOrigin;
  /** Its Python has filters in tarfile (PEP 706). */
  readonly tarFilter?: boolean;
}

export type ComponentOrigin = ProgramOrigin | LockfileOrigin;

/** A package manager of this machine, or what it brings along to unpack with. */
export interface ProgramOrigin {
  readonly kind: 'program';
  /** The manager, as people type it. */
  readonly program: string;
  readonly programVersion: string;
  /** A file or folder of the component, by which a distribution knows it. */
  readonly path: string;
  /** How it is started: the program, and its first arguments. Only of what is started by itself. */
  readonly command?: readonly [string, ...string[]];
  /** Whether it is the manager itself. */
  readonly itself: boolean;
}

/** A dependency of the project. */
export interface LockfileOrigin {
  readonly kind: 'lockfile';
  /** As it was named, or found in the folder that was named. */
  readonly file: string;
  readonly line: number;
}

/** Something that could not be looked at: the doctor says so, and does not end with 0. */
export interface DoctorProblem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

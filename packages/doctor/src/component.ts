/** OSV's ecosystems, and CPython, which is no package of OSV. Each has its own order of versions. */
export type OsvEcosystem = 'npm' | 'PyPI' | 'RubyGems' | 'Go' | 'cpython';

/** A program or library that unpacks archives, or decides where they are unpacked, with its location. */
export interface Component {
  readonly ecosystem: OsvEcosystem;
  /** The name in its ecosystem. `cpython` for Python itself. */
  readonly name: string;
  readonly version: string;
  readonly origin: ComponentOrigin;
  /** Its Python has filters in tarfile (PEP 706). */
  readonly tarFilter?: boolean;
}

export type ComponentOrigin = ProgramOrigin | LockfileOrigin;

/** A package manager of this machine, or a library with which it unpacks. */
export interface ProgramOrigin {
  readonly kind: 'program';
  /** The manager, as people type it. */
  readonly program: string;
  readonly programVersion: string;
  /** A file or folder of the component. A distribution knows which package owns it. */
  readonly path: string;
  /** The program and its first arguments. Only for components that can be started. */
  readonly command?: readonly [string, ...string[]];
  /** Whether it is the manager itself. */
  readonly itself: boolean;
  /** Nothing here uses it: no project here uses the program, another copy is first on the PATH, or the program does not load this library. */
  readonly idle?: true;
}

/** A dependency of the project. */
export interface LockfileOrigin {
  readonly kind: 'lockfile';
  /** The path that the user gave, or one in the folder that the user gave. */
  readonly file: string;
  readonly line: number;
}

/** Something that could not be examined. It is reported, and the exit code is not 0. */
export interface DoctorProblem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  /** The manager that it is about. Absent for lockfiles. */
  readonly program?: string;
  /** Nothing here uses that manager. */
  readonly idle?: true;
}

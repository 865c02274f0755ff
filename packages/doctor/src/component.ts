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
  /** A file or folder of the component. */
  readonly path: string;
  /** Whether it is the manager itself. */
  readonly itself: boolean;
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
  readonly file: string;
  readonly line?: number;
}

/** The components of one program or lockfile, and the parts of it that could not be examined. */
export interface FoundComponents {
  readonly components: readonly Component[];
  readonly problems: readonly DoctorProblem[];
}

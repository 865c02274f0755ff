export type ProblemCode =
  | 'hook-missing'
  | 'hook-unreachable'
  | 'shim-changed'
  | 'pnpmfile-ignored'
  | 'pnpmfile-replaced'
  | 'pnpmfile-elsewhere'
  | 'settings-elsewhere'
  | 'other-engine'
  | 'pnpm-unsupported'
  | 'unreadable';

export interface GuardProblem {
  readonly code: ProblemCode;
  /** Relative to the project, or absolute outside it. */
  readonly file: string;
  readonly message: string;
}

export type AddProblem = (code: ProblemCode, file: string, message: string) => void;

import type { Mirror } from './mirror.ts';
import type { Row } from './result.ts';

/** What a part is given. */
export interface Context {
  readonly rounds: number;
  /** Install on disk, even where there is a RAM disk. */
  readonly disk: boolean;
  /** The registry of the guarded installs, started when it is first asked for. */
  mirror(): Promise<Mirror>;
}

/** Something that is measured by itself. */
export interface Part {
  readonly title: string;
  /** Minutes that seven rounds take on two idle cores, about. */
  readonly minutes: number;
  run(context: Context): Promise<Row[]>;
}

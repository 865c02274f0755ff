import type { Mirror } from './mirror.ts';
import type { Row } from './result.ts';

/** The input of a part. */
export interface Context {
  readonly rounds: number;
  /** Install on disk, even where there is a RAM disk. */
  readonly disk: boolean;
  /** A built checkout of another commit. Its guards are measured beside those of this one. */
  readonly before?: string | undefined;
  /** How long a search goes on. */
  readonly minutes: number;
  /** The seed of a search. The same seed takes the same steps. */
  readonly seed: number;
  /** File for what a search found; without, it is printed. */
  readonly found: string | undefined;
  /** The registry of the guarded installs, started when it is first asked for. */
  mirror(): Promise<Mirror>;
}

/** Something that is measured by itself. */
export interface Part {
  readonly title: string;
  /** Minutes that seven rounds take on two idle cores, about. */
  readonly minutes: number;
  /** Only measured where it is named. */
  readonly byName?: true;
  run(context: Context): Promise<Row[]>;
}

/* Limits the registry's answers in memory: many short ones at once, long ones one by one, and no short one waits for a long one. */
import { Turns, type Ticket } from '../serving/turns.ts';
import { tooMany } from './answers.ts';

/** The most long answers that may wait, for each place. Each keeps a connection to the registry and some memory. */
const LONG_FOR_EACH = 3 / 4;

export interface Turn {
  /** Wait for this before reading more of a long answer. @throws GatewayAnswer if too many wait. */
  readonly alone: () => Promise<void>;
}

export interface Waiting {
  /** Aborted when the client is gone. */
  readonly gone?: AbortSignal | undefined;
  /** The client, as `requestClient` names it. */
  readonly client: string;
  /** Lets other clients wait for the same answer. */
  readonly ticket?: Ticket;
}

export class AnswerTurns {
  readonly #turns: Turns;
  /** One place without shares: clients take turns for it. */
  readonly #long: Turns;

  /** @param places The most short answers that are read at once, half of them for one client. */
  constructor(places: number, waitingMax: number) {
    this.#turns = new Turns({ places, waitingMax, tooMany });
    this.#long = new Turns({ places: 1, waitingMax: places * LONG_FOR_EACH, tooMany });
  }

  /** How many requests wait for a place. */
  get waiting(): number {
    return this.#turns.waiting + this.#long.waiting;
  }

  async run<Result>(work: (turn: Turn) => Promise<Result>, waiting: Waiting): Promise<Result> {
    return this.#turns.run(async (leave) => {
      let end: Promise<() => void> | undefined;
      const alone = async (): Promise<void> => {
        if (end === undefined) {
          end = this.#long.enter(waiting);
          leave();
        }
        await end;
      };
      try {
        return await work({ alone });
      } finally {
        // Work that failed while it waited gives its place back when it gets it.
        end?.then((left) => left()).catch(() => undefined);
      }
    }, waiting);
  }
}

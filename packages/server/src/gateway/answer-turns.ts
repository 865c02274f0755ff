/* Limits the registry's answers in memory: many short ones at once, long ones one by one, and no short one waits for a long one. */
import { ByteBudget, Turns, unlessAborted } from '@tarwarden/host';
import { GatewayAnswer, tooMany } from './answers.ts';
import { Shares } from './shares.ts';

/** The most long answers that may wait, for each place. Each keeps a connection to the registry and some memory. */
const LONG_FOR_EACH = 3 / 4;

export interface Turn {
  /** Wait for this before reading more of a long answer. @throws GatewayAnswer if too many wait. */
  readonly alone: () => Promise<void>;
}

export interface Waiting {
  /** Aborted when the client is gone. */
  readonly gone?: AbortSignal | undefined;
  /** The client, as `clientAddress` names it. */
  readonly client: string;
}

export class AnswerTurns {
  readonly #turns: Turns;
  readonly #alone = new ByteBudget(0);
  readonly #long: Shares;

  /** @param places The most short answers that are read at once. */
  constructor(places: number, waitingMax: number) {
    this.#turns = new Turns({ places, waitingMax, tooMany });
    this.#long = new Shares(places * LONG_FOR_EACH);
  }

  async run<Result>(
    work: (turn: Turn) => Promise<Result>,
    { gone, client }: Waiting,
  ): Promise<Result> {
    return this.#turns.run(async (leave) => {
      const share = this.#alone.share();
      let isLong = false;
      const alone = async (): Promise<void> => {
        if (isLong) return;
        if (!this.#long.fits(client, 1))
          throw new GatewayAnswer(503, 'too many wait for long answers: try again later');
        isLong = true;
        this.#long.add(client, 1);
        leave();
        const grown = share.growAlone();
        if (grown !== undefined) await (gone === undefined ? grown : unlessAborted(grown, gone));
      };
      try {
        return await work({ alone });
      } finally {
        share.release();
        if (isLong) this.#long.add(client, -1);
      }
    }, gone);
  }
}

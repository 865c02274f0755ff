import type { Server } from 'node:http';
import type { BoardOptions } from './board.ts';

/** Opens a board that does not listen yet. The library is loaded only here. */
export async function openBoard(options: BoardOptions): Promise<Server> {
  const { makeBoard } = await import('./board.ts');
  return makeBoard(options);
}

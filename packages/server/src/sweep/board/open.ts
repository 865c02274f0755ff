import type { Server } from 'node:http';
import type { BoardOptions } from './board.ts';

/** A board that does not listen yet. What it takes is loaded for it alone. */
export async function openBoard(options: BoardOptions): Promise<Server> {
  const { makeBoard } = await import('./board.ts');
  return makeBoard(options);
}

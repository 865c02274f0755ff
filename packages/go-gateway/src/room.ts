import type { ByteShare } from '@tarwarden/host';
import type { Room } from './upstream.ts';

/** Past what each has at first one grows at a time: all at once would wait for each other, or fill the memory. */
export function roomIn(share: ByteShare, atFirst: number): Room {
  let isAlone = false;
  return (bytes) => {
    if (bytes <= atFirst) return undefined;
    const turn = isAlone ? undefined : share.growAlone();
    isAlone = true;
    if (turn !== undefined) return turn.then(() => share.resize(bytes));
    share.resize(bytes);
    return undefined;
  };
}

import { Socket } from 'node:net';
import { setImmediate as turnsGiven } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ByteBudget } from '@tarwarden/guard';
import { serveInTurn } from '../../../../packages/pip-gem-hooks/src/service/service.ts';

function scene(): { readonly add: () => Socket; readonly served: Socket[] } {
  const served: Socket[] = [];
  const places = new ByteBudget(2);
  return {
    served,
    add() {
      const socket = new Socket();
      void serveInTurn(places, socket, () => void served.push(socket));
      return socket;
    },
  };
}

async function close(socket: Socket): Promise<void> {
  const closed = new Promise((done) => socket.once('close', done));
  socket.destroy();
  await closed;
  await turnsGiven();
}

describe('turns of sockets', () => {
  test('come in order, when one that was served is closed', async () => {
    const { add, served } = scene();
    const [one, two, three, four] = [add(), add(), add(), add()];
    await turnsGiven();
    expect(served).toEqual([one, two]);
    await close(two);
    expect(served).toEqual([one, two, three]);
    await close(one);
    expect(served).toEqual([one, two, three, four]);
  });

  test('are not given to one that went while it waited', async () => {
    const { add, served } = scene();
    const [one, two, three, four] = [add(), add(), add(), add()];
    await close(three);
    await close(one);
    expect(served).toEqual([one, two, four]);
  });

  test('are not lost by an error of one that waits', async () => {
    const { add, served } = scene();
    const [one, two, three] = [add(), add(), add()];
    const closed = new Promise((done) => three.once('close', done));
    three.emit('error', new Error('reset'));
    await closed;
    await close(one);
    expect(served).toEqual([one, two]);
  });
});

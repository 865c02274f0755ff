/*
 * A hostile client as a process of its own. Its arguments: the gateway's address and the name of an attack, which goes on until the
 * process is ended. All its connections come from one address. It says "attacking" when it has begun.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const FROM = '127.0.0.3';
const [, , target = '', name = ''] = process.argv;
const port = Number(new URL(target).port);

function open(): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress: FROM });
  return socket.on('error', () => undefined);
}

function ask(path: string, more = ''): Socket {
  const socket = open();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`);
  return socket;
}

/** Requests one after another, until each is answered, over so many connections at once. */
function repeat(connections: number, path: (count: number) => string): void {
  let count = 0;
  const again = (): void => {
    const socket = ask(path((count += 1)), 'Connection: close\r\n');
    socket.resume().once('close', () => void wait(1).then(again));
  };
  for (let i = 0; i < connections; i += 1) again();
}

/** A body that never ends: a byte a second. */
function upload(method: string, path: string): void {
  const socket = open();
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n`);
  socket.write('x'.repeat(100_000));
  const more = setInterval(() => socket.write('x'), 1_000);
  socket.resume().once('close', () => {
    clearInterval(more);
    void wait(1_000).then(() => upload(method, path));
  });
}

/** Keeps connections open that do something once. */
function hold(count: number, begin: () => Socket): void {
  const again = (): void => {
    begin().once('close', () => void wait(1_000).then(again));
  };
  for (let i = 0; i < count; i += 1) again();
}

const AUDIT = '/-/npm/v1/security/advisories/bulk';
const seed = Date.now();

const ATTACKS: Readonly<Record<string, () => void>> = {
  nothing: () => undefined,
  '33 idle readers': () => hold(33, () => ask('/long-1').pause()),
  '16 endless uploads': () => {
    for (let i = 0; i < 16; i += 1)
      upload(i % 2 === 0 ? 'PUT' : 'POST', i % 2 === 0 ? '/mine' : AUDIT);
  },
  '111 MB document, 5 times': () => repeat(5, () => '/huge'),
  'documents of 4 MB': () => repeat(4, (count) => `/long-${count}`),
  'odd encodings': () => repeat(4, (count) => `/odd-${count}`),
  'a registry that hangs': () => repeat(200, (count) => `/hang-${count}`),
  'archives without a verdict': () =>
    repeat(4, (count) => `/cold-${seed + count}/-/cold-${seed + count}-1.0.0.tgz`),
  'publications that wait': () => {
    const body = JSON.stringify({ name: 'mine', readme: 'x'.repeat(5_000_000) });
    hold(16, () => {
      const socket = open();
      socket.write(
        `PUT /mine HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      return socket.resume();
    });
  },
  '5,000 connections, slow headers': () =>
    hold(5_000, () => {
      const socket = open();
      socket.write('GET / HTTP/1.1\r\nX: ');
      return socket.resume();
    }),
};

ATTACKS[name]!();
await wait(1_000);
console.log('attacking');

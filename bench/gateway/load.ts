/* Clients that ask a server for something, as many as there are connections. */
import { Agent, request } from 'node:http';

export interface Load {
  /** Milliseconds for all of it. */
  readonly wall: number;
  /** Milliseconds within which half of the requests, and 99 of 100, were answered. */
  readonly p50: number;
  readonly p99: number;
}

export interface LoadOptions {
  readonly connections: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Addresses of this machine that clients have, so that they count as many clients. Only Linux has all of them without being set up. */
const ADDRESSES = process.platform === 'linux' ? 250 : 1;

/** Asks for each address once. @throws Error for an answer that has another status, or is not whole. */
export async function load(urls: readonly string[], options: LoadOptions): Promise<Load> {
  const { connections } = options;
  const times: number[] = [];
  const left = [...urls];
  const client = async (_: unknown, at: number): Promise<void> => {
    // An agent for each: a connection of one client is not used by another one.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const localAddress = `127.0.0.${1 + (at % ADDRESSES)}`;
    try {
      for (let url = left.pop(); url !== undefined; url = left.pop()) {
        const start = performance.now();
        await get(url, { agent, localAddress, ...options });
        times.push(performance.now() - start);
      }
    } finally {
      agent.destroy();
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, client));
  const wall = performance.now() - start;
  times.sort((a, b) => a - b);
  const within = (part: number): number => times[Math.floor(times.length * part)] ?? 0;
  return { wall, p50: within(0.5), p99: within(0.99) };
}

interface Getting extends LoadOptions {
  readonly agent: Agent;
  readonly localAddress: string;
}

async function get(url: string, { agent, localAddress, headers = {} }: Getting): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, localAddress, headers }, (response) => {
      response.resume().on('close', () => {
        if (response.statusCode === 200 && response.complete) resolve();
        else reject(new Error(`${url}: ${response.statusCode}, whole: ${response.complete}`));
      });
    });
    sent.on('error', reject).end();
  });
}

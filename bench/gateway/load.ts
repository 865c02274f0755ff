/* Clients that ask for tarballs, as many as there are connections. */
import { Agent, request } from 'node:http';

export interface Load {
  /** Milliseconds for all of it. */
  readonly wall: number;
  /** Milliseconds within which 99 of 100 were answered. */
  readonly p99: number;
}

/** Asks for each address once. @throws Error for an answer that has another status, or is not whole. */
export async function load(
  urls: readonly string[],
  connections: number,
  status = 200,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  const left = [...urls];
  const client = async (): Promise<void> => {
    for (let url = left.pop(); url !== undefined; url = left.pop()) {
      const start = performance.now();
      await get(url, agent, status);
      times.push(performance.now() - start);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, client));
  const wall = performance.now() - start;
  agent.destroy();
  times.sort((a, b) => a - b);
  return { wall, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

async function get(url: string, agent: Agent, status: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (response) => {
      response.resume().on('close', () => {
        if (response.statusCode === status && response.complete) resolve();
        else reject(new Error(`${url}: ${response.statusCode}, whole: ${response.complete}`));
      });
    });
    sent.on('error', reject).end();
  });
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';

import { serving, type Serving } from '../gateway/process.ts';
import { built } from '../built.ts';
import { cacheFolder } from '../corpus.ts';
import { interrupted } from '../interrupt.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';
import { ratios, spread } from '../stats.ts';

/** Small packages whose archives have a verdict. */
const QUICK = 50;
/** The address of the client whose latency is measured. The attacker has another one. */
const FROM = '127.0.0.2';
/** Milliseconds of one measurement. */
const MEASURED_FOR = 2_000;
const MOST = 1.1;

const ATTACKS: readonly string[] = [
  'nothing',
  '33 idle readers',
  '16 endless uploads',
  '111 MB document, 5 times',
  'documents of 4 MB',
  'odd encodings',
  'a registry that hangs',
  'publications that wait',
  '5,000 connections, slow headers',
  'archives without a verdict',
];

/** The latency of a client of the gateway, with and without another client that attacks it, in turn. */
export async function gatewayAttacks({ rounds }: Context): Promise<Row[]> {
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, 'bench-attacks-'));
  const program = ['scripts/run-ts.mjs', 'bench/gateway/attacked-registry.ts'];
  const registry = await serving([process.execPath, ...program], {
    pattern: /^(\d+)$/,
    on: 'stdout',
  });
  const rows: Row[] = [];
  try {
    for (const attack of ATTACKS) {
      if (interrupted()) break;
      const upstream = `http://127.0.0.1:${registry.said}`;
      const gateway = await started(folder, upstream);
      try {
        rows.push(...(await measured(gateway, { attack, rounds })));
      } finally {
        await gateway.end();
      }
    }
    return rows;
  } finally {
    await registry.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function started(folder: string, upstream: string): Promise<Serving> {
  const home = mkdtempSync(join(folder, 'home-'));
  const file = join(home, 'server.yaml');
  const registries = { npm: { upstream } };
  writeFileSync(file, JSON.stringify({ listen: '127.0.0.1:0', registries }));
  const program = built('server/bin/tarwarden-server.js');
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home };
  return serving([process.execPath, program, 'gateway', '--config', file, '--log-level', 'error'], {
    pattern: / at (http:\S+?)\/?$/,
    on: 'stderr',
    env,
  });
}

interface Latencies {
  readonly p50: number;
  readonly p99: number;
}

async function measured(
  gateway: Serving,
  { attack, rounds }: { attack: string; rounds: number },
): Promise<Row[]> {
  const alone: Latencies[] = [];
  const attacked: Latencies[] = [];
  await latencies(gateway.said);
  for (let round = 0; round < rounds && !interrupted(); round += 1) {
    alone.push(await latencies(gateway.said));
    const program = ['scripts/run-ts.mjs', 'bench/gateway/attacker.ts', gateway.said, attack];
    const attacker = await serving([process.execPath, ...program], {
      pattern: /^(attacking)$/,
      on: 'stdout',
    });
    try {
      attacked.push(await latencies(gateway.said));
    } finally {
      await attacker.end();
    }
    await latencies(gateway.said);
  }
  const group = `gateway: another client while one attacks (${attack})`;
  const common = { group, unit: 'wall ms', rounds } as const;
  return (['p50', 'p99'] as const).flatMap((part) => {
    const name = part === 'p50' ? 'half of the answers' : '99 of 100 answers';
    const [before, under] = [alone, attacked].map((all) => all.map((latency) => latency[part]));
    return [
      { ...common, name: `${name}, alone`, time: spread(before!) },
      {
        ...common,
        name: `${name}, under attack`,
        time: spread(under!),
        over: `${name}, alone`,
        ratio: ratios(under!, before!),
        goal: { of: 'ratio', most: MOST },
      } as const,
    ];
  });
}

/** Asks for warm archives and small documents in turn, one after another. */
async function latencies(url: string): Promise<Latencies> {
  const agent = new Agent({ keepAlive: true, localAddress: FROM });
  const times: number[] = [];
  const end = performance.now() + MEASURED_FOR;
  try {
    for (let i = 0; performance.now() < end; i += 1) {
      const name = `quick-${(i >> 1) % QUICK}`;
      const path = i % 2 === 0 ? `/${name}` : `/${name}/-/${name}-1.0.0.tgz`;
      const start = performance.now();
      await get(url + path, agent);
      times.push(performance.now() - start);
    }
  } finally {
    agent.destroy();
  }
  times.sort((a, b) => a - b);
  const at = (part: number): number => times[Math.floor(times.length * part)]!;
  return { p50: at(0.5), p99: at(0.99) };
}

async function get(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (response) => {
      response.resume().on('close', () => {
        if (response.statusCode === 200 && response.complete) resolve();
        else reject(new Error(`${url}: ${response.statusCode}, whole: ${response.complete}`));
      });
    });
    sent.on('error', reject).end();
  });
}

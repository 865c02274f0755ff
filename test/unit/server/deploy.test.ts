/* The files that start a gateway in containers, and its dashboard, as far as they can be checked without a container. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { readConfiguration } from '../../../packages/server/src/configuration/configuration-file.ts';
import { makeMetrics } from '../../../packages/server/src/gateway/metrics.ts';

const deploy = new URL('../../../packages/server/deploy/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, deploy), 'utf8');

interface Service {
  readonly command: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
  readonly volumes: readonly string[];
}

interface Compose {
  readonly services: { readonly gateway: Service };
  readonly volumes: object;
}

describe('the compose file', () => {
  const { services, volumes } = parseYaml(read('compose.yaml')) as Compose;
  const { gateway } = services;
  const dockerfile = read('Dockerfile');
  const imageVariable = (name: string): string =>
    new RegExp(`\\b${name}=(\\S+)`).exec(dockerfile)?.[1] ?? 'none';

  it('starts what the Dockerfile beside it makes, with the configuration beside it', () => {
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node", ".+\/bin\/tarwarden-server.js"\]$/m);
    const file = gateway.command[2]!;
    expect(gateway.command).toEqual(['gateway', '--config', file]);
    expect(gateway.volumes).toContain('./config:/etc/tarwarden/server:ro');
    expect(existsSync(new URL(file.replace('/etc/tarwarden/server/', 'config/'), deploy))).toBe(
      true,
    );
    expect(gateway.ports).toEqual(['127.0.0.1:4873:4873']);
  });

  it('runs the gateway as an ordinary user that writes to its volumes only, and asks whether it refuses', () => {
    expect(gateway).toMatchObject({ read_only: true, user: '1000:1000', cap_drop: ['ALL'] });
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    expect(gateway.healthcheck.test.at(-1)).toContain('/-/tarwarden/readyz');
    expect(dockerfile).toContain(JSON.stringify(gateway.healthcheck.test.at(-1)));
    expect(gateway.volumes).toContain(`spool:${imageVariable('TMPDIR')}`);
    expect(gateway.volumes).toContain(`verdicts:${imageVariable('XDG_CACHE_HOME')}`);
    expect(gateway.volumes).toContain(`state:${imageVariable('XDG_STATE_HOME')}`);
    const { cache } = parseYaml(read('config/server.yaml')) as { cache: { storage: string } };
    expect(gateway.volumes).toContain(`archives:${cache.storage}`);
    expect(Object.keys(volumes)).toEqual(['verdicts', 'archives', 'state', 'spool']);
  });

  it('has a policy beside the configuration, which names it', () => {
    const { policy } = readConfiguration(fileURLToPath(new URL('config/server.yaml', deploy)));
    expect(policy).toBe(fileURLToPath(new URL('config/policy.json', deploy)));
    expect(JSON.parse(read('config/policy.json'))).toEqual({});
  });
});

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly { readonly expr: string }[];
}

describe('the dashboard', () => {
  const dashboard = JSON.parse(read('grafana/tarwarden-gateway.json')) as {
    readonly panels: readonly Panel[];
    readonly templating: { readonly list: readonly { readonly name: string }[] };
  };
  const expressions = dashboard.panels.flatMap(({ targets = [] }) =>
    targets.map(({ expr }) => expr),
  );

  it('asks for metrics that the gateway has, by labels that they have', async () => {
    const { registry } = makeMetrics();
    const known = new Map<string, ReadonlySet<string>>();
    for (const { name, type } of await registry.getMetricsAsJSON()) {
      const { labelNames = [] } = registry.getSingleMetric(name) as { labelNames?: string[] };
      const suffixes = `${type}` === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      for (const suffix of suffixes) known.set(name + suffix, new Set(['instance', ...labelNames]));
    }
    const labelsIn = (expression: string): string[] =>
      [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/,\s*/));
    const unknown = expressions.flatMap((expression) => {
      const names = [...expression.matchAll(/\b(?:tarwarden|process|nodejs)_\w+/g)].map(
        ([name]) => name,
      );
      const labels = labelsIn(expression).filter((label) => label !== 'le');
      return names
        .flatMap((name) =>
          known.has(name) ? labels.filter((label) => !known.get(name)!.has(label)) : [name],
        )
        .concat(names.length === 0 ? [expression] : []);
    });
    expect(unknown).toEqual([]);
  });

  it('shows every metric of the gateway itself', async () => {
    const all = expressions.join(' ');
    const metrics = await makeMetrics().registry.getMetricsAsJSON();
    const own = metrics.map(({ name }) => name).filter((name) => name.startsWith('tarwarden_'));
    expect(own.filter((name) => !all.includes(name))).toEqual([]);
  });

  it('has panels that do not overlap, with numbers and titles of their own', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });

  it('names no package, and lets people choose the source and the instances', () => {
    expect(JSON.stringify(dashboard)).not.toMatch(/package|\bname=~/);
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['source', 'instance']);
  });
});

/* The files that start a gateway in a container, as far as they can be read without one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parse as parseCommand } from '../../../packages/host/src/command-line/parse.ts';
import { gateway } from '../../../packages/server/src/commands/gateway/definition.ts';
import { askedBy } from '../../../packages/server/src/gateway/paths.ts';

const deploy = new URL('../../../packages/server/deploy/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, deploy), 'utf8');
const CHART = 'helm/tarwarden-gateway';

interface Named {
  readonly name: string;
  readonly value: string;
  readonly mountPath: string;
}

interface Container {
  readonly args: readonly string[];
  readonly env: readonly Named[];
  readonly ports: unknown;
  readonly securityContext: unknown;
  readonly volumeMounts: readonly Named[];
  readonly readinessProbe: Probe;
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Pod {
  readonly containers: readonly [Container];
  readonly securityContext: unknown;
  readonly automountServiceAccountToken: unknown;
  readonly volumes: readonly Named[];
}

interface Deployment {
  readonly spec: {
    readonly template: { readonly metadata: { labels: object }; readonly spec: Pod };
  };
}

interface Compose {
  readonly services: {
    readonly gateway: {
      readonly command: readonly string[];
      readonly environment: Readonly<Record<string, string>>;
      readonly healthcheck: { readonly test: readonly string[] };
      readonly ports: unknown;
      readonly volumes: readonly string[];
    };
  };
  readonly volumes: object;
}

/** Of a command line of `tarwarden`, as it reads it. */
function valuesOf([command, ...args]: readonly string[]): object {
  const parsed = parseCommand(gateway, args);
  return { command, ...('values' in parsed && parsed.values) };
}

/** What the templates use of Helm's language: values, `toJson`, and a loop over a list of lines. */
function rendered(template: string, values: object): unknown {
  const scope = { Values: values, Release: { Name: 'guard' } };
  const looped = template.replaceAll(
    /^ *\{\{- range ([.\w]+) \}\}\n([^]*?)^ *\{\{- end \}\}\n/gm,
    (_, path: string, line: string) =>
      (lookUp(path, scope) as unknown[])
        .map((one) => line.replace('{{ . | toJson }}', JSON.stringify(one)))
        .join(''),
  );
  const text = looped.replaceAll(
    /\{\{ (\.[.\w]+)((?: \| toJson)*) \}\}/g,
    (_, path: string, filters: string) =>
      filters
        .split(' | ')
        .slice(1)
        .reduce<unknown>((value) => JSON.stringify(value), lookUp(path, scope)) as string,
  );
  if (text.includes('{{')) throw new Error(`not known here: ${text}`);
  return parseYaml(text);
}

function lookUp(path: string, scope: object): unknown {
  const found = path
    .slice(1)
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], scope);
  if (found === undefined) throw new Error(`no value has the name ${path}`);
  return found;
}

describe('the chart', () => {
  const values = parseYaml(read(`${CHART}/values.yaml`)) as object;
  const template = (name: string, more: object = {}): unknown =>
    rendered(read(`${CHART}/templates/${name}.yaml`), { ...values, ...more });
  const { metadata, spec: pod } = (template('deployment') as Deployment).spec.template;
  const [container] = pod.containers;

  it('has a name, a version and templates that are all known here', () => {
    expect(parseYaml(read(`${CHART}/Chart.yaml`))).toMatchObject({
      apiVersion: 'v2',
      name: 'tarwarden-gateway',
      type: 'application',
    });
    expect(
      readdirSync(new URL(`${CHART}/templates`, deploy)).sort((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['configmap.yaml', 'deployment.yaml', 'service.yaml']);
  });

  it('sends nobody to a gateway that does not refuse, and ends one that does not run', () => {
    for (const probe of [container.readinessProbe, container.startupProbe])
      expect(probe.httpGet).toEqual({ path: '/-/tarwarden/readyz', port: 'http' });
    expect(container.livenessProbe.httpGet).toEqual({ path: '/-/tarwarden/healthz', port: 'http' });
    for (const { httpGet } of [container.readinessProbe, container.livenessProbe])
      expect(askedBy(httpGet.path)).toMatchObject({ kind: 'own' });
    expect(container.ports).toEqual([{ name: 'http', containerPort: 4873 }]);
  });

  it('runs as nobody in particular, and writes to its volumes alone', () => {
    const { securityContext, volumeMounts, env } = container;
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const folder = (variable: string): string =>
      env.find(({ name }) => name === variable)?.value ?? 'none';
    const mounted = (path: string): unknown => {
      const mount = volumeMounts.find(({ mountPath }) => path.startsWith(mountPath));
      return pod.volumes.find(({ name }) => name === mount?.name);
    };
    expect(mounted(folder('TMPDIR'))).toMatchObject({ emptyDir: { sizeLimit: '8Gi' } });
    expect(mounted(folder('XDG_CACHE_HOME'))).toMatchObject({ emptyDir: {} });
    expect(mounted(folder('XDG_STATE_HOME'))).toMatchObject({ emptyDir: {} });
    expect(mounted(`${folder('XDG_CONFIG_HOME')}/tarwarden/policy.json`)).toHaveProperty(
      'configMap',
    );
  });

  it('starts it with options that it has', () => {
    const extraArgs = ['--hide-refused', '--allow-host=files.example.com'];
    const { template: more } = (template('deployment', { extraArgs }) as Deployment).spec;
    expect(valuesOf(more.spec.containers[0].args)).toMatchObject({
      command: 'gateway',
      listen: '0.0.0.0:4873',
      upstream: 'https://registry.npmjs.org',
      'public-url': 'https://npm-guard.example.com',
      'hide-refused': true,
      'allow-host': ['files.example.com'],
    });
  });

  it('has the service lead to it, and the policy as JSON', () => {
    expect(template('service')).toMatchObject({
      spec: { selector: metadata.labels, ports: [{ targetPort: 'http' }] },
    });
    const policy = { minimumAge: 'x' };
    const { data } = template('configmap', { policy }) as { data: Record<string, string> };
    expect(JSON.parse(data['policy.json']!)).toEqual(policy);
  });
});

describe('the compose file', () => {
  const { services, volumes } = parseYaml(read('compose.yaml')) as Compose;
  const { gateway: service } = services;

  it('starts what the Dockerfile beside it makes, with options that it has', () => {
    expect(existsSync(new URL('Dockerfile', deploy))).toBe(true);
    expect(read('Dockerfile')).toContain('ENTRYPOINT ["tarwarden-server"]');
    expect(valuesOf(service.command)).toMatchObject({ listen: '0.0.0.0:4873' });
    expect(service.ports).toEqual(['127.0.0.1:4873:4873']);
  });

  it('runs it as nobody in particular, writing to its volumes alone, and asks whether it refuses', () => {
    expect(service).toMatchObject({ read_only: true, user: '1000:1000', cap_drop: ['ALL'] });
    expect(service.healthcheck.test.at(-1)).toContain('/-/tarwarden/readyz');
    expect(service.volumes).toContain(`spool:${service.environment['TMPDIR']}`);
    expect(service.volumes).toContain(`verdicts:${service.environment['XDG_CACHE_HOME']}`);
    expect(service.volumes).toContain(`state:${service.environment['XDG_STATE_HOME']}`);
    expect(Object.keys(volumes)).toEqual(['verdicts', 'state', 'spool']);
  });
});

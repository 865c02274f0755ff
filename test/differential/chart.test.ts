// @module-tag go
/*
 * The files that start a gateway in containers: rendered by the engine that Helm uses, and compared with the schemas of Kubernetes and of
 * compose files. No cluster is asked.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { askedBy } from '../../packages/server/src/gateway/paths.ts';
import {
  buildHelmTemplate,
  composeProblems,
  kubernetesProblems,
  renderChart,
} from './oracles/kubernetes.ts';
import { root } from './oracles/root.ts';

const deploy = join(root, 'packages/server/deploy');
const chart = join(deploy, 'helm/tarwarden-gateway');
const read = (file: string): string => readFileSync(file, 'utf8');
const values = parseYaml(read(join(chart, 'values.yaml'))) as {
  readonly config: { readonly cache: { readonly storage: string }; readonly policy: string };
};

interface Named {
  readonly name: string;
  readonly value?: string;
  readonly mountPath?: string;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly scheme: string };
}

interface Container extends Readonly<
  Record<'readinessProbe' | 'startupProbe' | 'livenessProbe', Probe>
> {
  readonly args: readonly string[];
  readonly env: readonly Named[];
  readonly volumeMounts: readonly Named[];
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly data: Readonly<Record<string, string>>;
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly containers: readonly [Container];
        readonly volumes: readonly Named[];
      };
    };
  };
}

let folder: string;
let program: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-chart-'));
  program = buildHelmTemplate(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The manifests by kind. A template whose manifest is switched off renders nothing. */
function rendered(more: object = {}): Readonly<Record<string, Manifest>> {
  const texts = renderChart(program, {
    folder: chart,
    release: 'guard',
    values: { ...values, ...more },
  });
  const manifests = Object.values(texts).map((text) => parseYaml(text) as Manifest | null);
  return Object.fromEntries(
    manifests.flatMap((manifest) => (manifest ? [[manifest.kind, manifest]] : [])),
  );
}

const everything = {
  ...values,
  config: {
    ...values.config,
    tls: { certificate: '/etc/tarwarden/tls/tls.crt', key: '/etc/tarwarden/tls/tls.key' },
  },
  filesSecret: 'files',
  environmentSecret: 'environment',
  tlsSecret: 'certificate',
  archives: { size: '1Gi', claim: 'archives' },
  imagePullSecrets: [{ name: 'pull' }],
  podAnnotations: { 'example.com/a': 'b' },
  nodeSelector: { 'kubernetes.io/arch': 'amd64' },
  tolerations: [{ key: 'a', operator: 'Exists' }],
  networkPolicy: {
    enabled: true,
    from: [{ namespaceSelector: { matchLabels: { team: 'build' } } }],
    to: [{ ipBlock: { cidr: '10.0.0.0/8' } }],
    ports: [443, 6379],
  },
  serviceMonitor: {
    enabled: true,
    interval: '30s',
    labels: { release: 'prometheus' },
    tlsConfig: { insecureSkipVerify: true },
  },
};

describe('the chart', () => {
  it.each([
    ['its own values', {}],
    ['everything switched on', everything],
  ])('has manifests that Kubernetes takes, with %s', (_, more) => {
    const manifests = rendered(more);
    for (const manifest of Object.values(manifests))
      expect([manifest.kind, kubernetesProblems(manifest)]).toEqual([manifest.kind, []]);
    const own = ['ConfigMap', 'Deployment', 'PodDisruptionBudget', 'Service'];
    const further = more === everything ? ['NetworkPolicy', 'ServiceMonitor'] : [];
    expect(Object.keys(manifests).sort()).toEqual([...own, ...further].sort());
  });

  it('would be refused with a field that is misspelt, absent, or of another type', () => {
    const { Deployment } = rendered();
    const changed = (from: RegExp, to: string): string[] =>
      kubernetesProblems(JSON.parse(JSON.stringify(Deployment).replace(from, to)) as Manifest);
    expect(changed(/readinessProbe/, 'readynessProbe')).toEqual([
      '/spec/template/spec/containers/0/readynessProbe: unknown',
    ]);
    expect(changed(/"topologyKey":"[^"]*",/, '')).toEqual([
      '/spec/template/spec/topologySpreadConstraints/0: required {"missingProperty":"topologyKey"}',
    ]);
    expect(changed(/"replicas":2/, '"replicas":"2"')).toEqual([
      '/spec/replicas: type {"type":"integer"}',
    ]);
  });

  it('sends nobody to a gateway that does not refuse, and ends one that does not run', () => {
    for (const [more, scheme] of [
      [{}, 'HTTP'],
      [everything, 'HTTPS'],
    ] as const) {
      const [container] = rendered(more)['Deployment']!.spec.template.spec.containers;
      for (const { httpGet } of [container.readinessProbe, container.startupProbe])
        expect(httpGet).toEqual({ path: '/-/tarwarden/readyz', port: 'http', scheme });
      expect(container.livenessProbe.httpGet).toMatchObject({
        path: '/-/tarwarden/healthz',
        scheme,
      });
      for (const { httpGet } of [container.readinessProbe, container.livenessProbe])
        expect(askedBy(httpGet.path)).toMatchObject({ kind: 'own' });
    }
  });

  it('runs as an ordinary user without rights, and writes to its volumes only', () => {
    const { spec: pod } = rendered()['Deployment']!.spec.template;
    const [container] = pod.containers;
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    });
    expect(container).toMatchObject({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    });
    const volumeOf = (path: string): Named | undefined => {
      const mount = container.volumeMounts.find(({ mountPath = '' }) =>
        path.startsWith(`${mountPath}/`),
      );
      return pod.volumes.find(({ name }) => name === mount?.name);
    };
    const folderIn = (variable: string): string =>
      `${container.env.find(({ name }) => name === variable)?.value ?? ''}/`;
    expect(volumeOf(folderIn('TMPDIR'))).toMatchObject({ emptyDir: { sizeLimit: '8Gi' } });
    expect(volumeOf(folderIn('XDG_CACHE_HOME'))).toMatchObject({ name: 'verdicts' });
    expect(volumeOf(folderIn('XDG_STATE_HOME'))).toMatchObject({ name: 'state' });
    const { cache, policy } = values.config;
    expect(volumeOf(`${cache.storage}/`)).toMatchObject({ name: 'archives' });
    expect(volumeOf(policy)).toHaveProperty('configMap');
    expect(volumeOf(container.args.at(-1)!)).toHaveProperty('configMap');
  });

  it('keeps secrets out of the config map, and names them where they belong', () => {
    const { Deployment, ConfigMap } = rendered(everything);
    const { volumes } = Deployment!.spec.template.spec;
    for (const name of ['files', 'tls'])
      expect(volumes.find((volume) => volume.name === name)).toMatchObject({
        secret: { defaultMode: 0o440 },
      });
    expect(Object.keys(ConfigMap!.data)).toEqual(['server.yaml', 'policy.json']);
  });

  it('passes on the configuration and the policy as they are, whatever is in them', () => {
    const odd = { text: `'"{{ .Values.image }}\n<&>\u2028é #: -` };
    const config = { ...values.config, odd };
    const { data } = rendered({ config, policy: odd })['ConfigMap']!;
    expect(parseYaml(data['server.yaml']!)).toEqual(config);
    expect(JSON.parse(data['policy.json']!)).toEqual(odd);
  });

  it('has selectors that lead to its pods, and leaves other releases alone', () => {
    const manifests = rendered(everything);
    const { labels } = manifests['Deployment']!.spec.template.metadata;
    expect(labels).toEqual({
      'app.kubernetes.io/name': 'tarwarden-gateway',
      'app.kubernetes.io/instance': 'guard',
    });
    expect(manifests['Service']!.spec).toMatchObject({ selector: labels, ports: [{ port: 443 }] });
    for (const kind of ['PodDisruptionBudget', 'ServiceMonitor'])
      expect(manifests[kind]!.spec).toMatchObject({ selector: { matchLabels: labels } });
    expect(manifests['NetworkPolicy']!.spec).toMatchObject({
      podSelector: { matchLabels: labels },
    });
  });

  it('takes its own values, and refuses others', () => {
    const validate = new Ajv({ allowUnionTypes: true }).compile(
      JSON.parse(read(join(chart, 'values.schema.json'))) as object,
    );
    const config = values.config;
    expect(validate(values)).toBe(true);
    expect(validate(everything)).toBe(true);
    // `upstream`: a value of the chart before it had a configuration file.
    for (const wrong of [
      { upstream: 'https://registry.npmjs.org' },
      { config: { ...config, listen: '127.0.0.1:4873' } },
      { config: { ...config, registries: {} } },
      { config: { ...config, policy: '/etc/tarwarden/other.json' } },
      { replicas: '2' },
      { networkPolicy: { enabled: true, ports: [] } },
    ])
      expect([wrong, validate({ ...values, ...wrong })]).toEqual([wrong, false]);
  });
});

/** The example of the page about Kubernetes. Helm adds the chart's own values, also inside of objects. */
const example = (() => {
  const [, text = ''] = /```yaml\n([^]*?)```/.exec(read(join(root, 'docs/server/deploy.md')))!;
  const { config, ...more } = parseYaml(text) as { readonly config: object };
  return { ...values, ...more, config: { ...values.config, ...config } };
})();

describe('the example of docs/server/deploy.md', () => {
  it('has values that the chart knows, and manifests that Kubernetes takes', () => {
    expect(Object.keys(example).toSorted()).toEqual(Object.keys(values).toSorted());
    for (const manifest of Object.values(rendered(example)))
      expect([manifest.kind, kubernetesProblems(manifest)]).toEqual([manifest.kind, []]);
  });
});

describe('the compose file', () => {
  const compose = parseYaml(read(join(deploy, 'compose.yaml'))) as object;

  it('is one', () => {
    expect(composeProblems(compose)).toEqual([]);
    expect(composeProblems({ ...compose, service: {} })).not.toEqual([]);
  });
});

describe('all configurations', () => {
  const server = parseYaml(read(join(deploy, 'config/server.yaml'))) as object;
  const files = [server, values.config, example.config];
  const schema = join(root, 'schema/tarwarden-server.schema.json');

  it('configure the gateway with keys that it knows', () => {
    const validate = new Ajv({ strict: false }).compile(JSON.parse(read(schema)) as object);
    for (const file of files) {
      validate(file);
      expect(validate.errors).toBeNull();
    }
  });
});

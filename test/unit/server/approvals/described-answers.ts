/* Holds answers of the API against its OpenAPI description. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { jsonOf, type Answered } from '../gateway/support.ts';

interface Operation {
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, object>>;
}
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const file = new URL('../../../../packages/server/src/approvals/openapi.json', import.meta.url);
export const description = JSON.parse(readFileSync(file, 'utf8')) as Description;
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(description, 'openapi');

/** Expects an answer that the description has. Answers of addresses without an operation are not looked at. */
export function expectDescribed(answer: Answered, method: string, path: string): void {
  const template = path.split('?', 1)[0]!.replace(/^\/(refusals|requests)\/[^/]+/, '/$1/{id}');
  const operation = description.paths[template]?.[method.toLowerCase()];
  if (operation === undefined) return;
  const described = operation.responses[answer.status];
  expect(described, `${method} ${template} ${answer.status}`).toBeDefined();
  if (String(answer.headers['content-type']).startsWith('application/x-ndjson')) return;
  const where = `/paths/${pointer(template)}/${method.toLowerCase()}/responses/${answer.status}`;
  const schema =
    '$ref' in described!
      ? 'openapi#/components/schemas/Error'
      : `openapi#${where}/content/application~1json/schema`;
  const validate = ajv.getSchema(schema)!;
  expect({ isDescribed: validate(jsonOf(answer)), errors: validate.errors }).toEqual({
    isDescribed: true,
    errors: null,
  });
}

const pointer = (key: string): string =>
  encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))
    .replaceAll('%7B', '{')
    .replaceAll('%7D', '}');

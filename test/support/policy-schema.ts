/** The policy file's JSON schema, made from the schema that the core checks with. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { policyFileSchema } from '../../packages/core/src/policy/schema.ts';

export function policyJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = toJsonSchema(policyFileSchema, {
    // The last schema of a pipe: those before it only turn lists away, which `type: object` does here.
    typeMode: 'output',
    // That a day exists is beyond what JSON schema can say.
    ignoreActions: ['check'],
  });
  return {
    $schema,
    title: 'tarwarden policy',
    description: 'What tarwarden accepts. See docs/configuration.md.',
    ...schema,
  };
}

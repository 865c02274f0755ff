/** The JSON schema of server.yaml, made from the schema that the server checks with. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { configurationSchema } from '../../packages/server/src/configuration/schema.ts';

export function configurationJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = toJsonSchema(configurationSchema, {
    // The last schema of a pipe: those before it only turn lists away, which `type: object` does here.
    typeMode: 'output',
    // JSON schema cannot express these checks.
    ignoreActions: ['check', 'safe_integer'],
  });
  return {
    $schema,
    title: 'tarwarden-server configuration',
    description: 'The configuration of tarwarden-server gateway. See docs/server/configuration.md.',
    ...schema,
  };
}

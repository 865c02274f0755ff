/* The indexes of Python packages and gems in the user's own settings. */
import { knownValue } from './layer.ts';
import { pipLayers, pipOption, pipWords } from './pip/layers.ts';
import { gemrcLayer } from './ruby/gemrc.ts';
import { clientContext, type Variables } from './where.ts';

/**
 * Whether an archive comes from the host of an index that the user has configured. An index on the command line, in a Gemfile or in a
 * virtual environment is not one of these. Settings that cannot be read name none.
 */
export function isOfOwnIndex(
  source: string,
  { client, env }: { readonly client: 'pip' | 'gem'; readonly env: Variables },
): boolean {
  if (!URL.canParse(source)) return false;
  const { origin } = new URL(source);
  try {
    const indexes = client === 'pip' ? pipIndexes(env) : gemSources(env);
    return indexes.some((index) => URL.canParse(index) && new URL(index).origin === origin);
  } catch {
    return false;
  }
}

function pipIndexes(env: Variables): readonly string[] {
  const layers = pipLayers(clientContext({ folder: '.', env }));
  const named = ['index-url', 'extra-index-url'].map((name) => pipOption(layers, 'install', name));
  return named.flatMap((text) => pipWords(text));
}

function gemSources(env: Variables): readonly string[] {
  const listed = knownValue([gemrcLayer(clientContext({ folder: '.', env }))], ':sources');
  return Array.isArray(listed) ? listed.map(String) : [];
}

/* The indexes of Python packages and gems in the user's own settings. */
import { pipIndexes, pipLayers } from '../python/settings.ts';
import { gemrcSources } from '../ruby/gemrc.ts';
import { clientContext, type ClientContext, type Variables } from './where.ts';

/**
 * Whether an archive comes from the host of an index that the user has configured. An index on the command line, in a Gemfile or in a
 * virtual environment is not one of these. If the settings cannot be read, the result is false.
 */
export function isOfOwnIndex(
  source: string,
  { client, env }: { readonly client: 'pip' | 'gem'; readonly env: Variables },
): boolean {
  if (!URL.canParse(source)) return false;
  const { origin } = new URL(source);
  try {
    const context = clientContext({ folder: '.', env });
    const indexes = client === 'pip' ? pipIndexesOf(context) : gemrcSources(context);
    return indexes.some((index) => URL.canParse(index) && new URL(index).origin === origin);
  } catch {
    return false;
  }
}

function pipIndexesOf(context: ClientContext): readonly string[] {
  const { index, extra } = pipIndexes(pipLayers(context));
  return index === undefined ? extra : [index, ...extra];
}

/** Ends the reading of a document; never leaves `readYaml`. */
export class YamlProblem extends Error {
  override readonly name = 'YamlProblem';
}

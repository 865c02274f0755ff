/** Where entries land. */
export { foldedComponents, packagePath } from './package-path.ts';

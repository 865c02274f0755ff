/** Where packages of a format come from. */
export type Ecosystem = 'npm' | 'pypi' | 'rubygems' | 'go';

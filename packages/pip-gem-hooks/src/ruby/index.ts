/** Runs the real gem or bundle with its guard, which is the Ruby file `guard/tarwarden.rb`. */
export { rubyGuardEnvironment, runRuby, type RubyOptions, type RubyTool } from './wrapper.ts';

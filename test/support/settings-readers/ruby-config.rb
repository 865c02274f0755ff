# Prints what RubyGems and Bundler themselves make of each case that standard input names, as JSON.
require "json"
require "rubygems/config_file"
require "bundler"

def plain(value)
  case value
  when Hash then value.to_h {|key, inner| [plain_key(key), plain(inner)] }
  when Array then value.map {|inner| plain(inner) }
  when Symbol then ":#{value}"
  else value
  end
end

def plain_key(key)
  key.is_a?(Symbol) ? ":#{key}" : key
end

def texts(hash)
  plain(hash).transform_values {|value| value.is_a?(String) ? value : JSON.generate(value) }
end

def rubygems
  compiled = Gem::ConfigFile.new(["--norc"]).send(:hash).keys
  texts(Gem::ConfigFile.new([]).send(:hash).reject {|key, _| compiled.include?(key) })
end

def bundler
  Bundler.reset!
  settings = Bundler.settings
  levels = %i[@global_config @env_config @local_config].map {|name| settings.instance_variable_get(name) }
  texts(levels.reduce({}, :merge))
end

def mirror
  Bundler.reset!
  { "mirror" => Bundler.settings.mirror_for("https://rubygems.org/").to_s }
end

asked = ARGV[0]
answers = JSON.parse($stdin.read).map do |read|
  ENV.replace(read["env"])
  Dir.chdir(read["project"])
  %i[@user_home @config_home @config_file].each {|name| Gem.instance_variable_set(name, nil) }
  send(asked)
rescue StandardError, SystemExit
  "refused"
end
print JSON.generate(answers)

# frozen_string_literal: true

# What an index says of a gem: its dependencies, and the versions of Ruby and RubyGems that it needs. RubyGems and Bundler choose gems by
# that, and install what the gem says. The wrapper compares both. An entry is written as in a compact index, whatever index it is from.
module Tarwarden
  @listed = {} # by address of the source and name: what RubyGems has read of a compact index
  @gemspecs = {} # by address of the source and full name: a gemspec of the quick index

  class << self
    def keep_listed(source, name, listed)
      @listed[[source.to_s.chomp("/"), name]] = listed
    end

    def keep_gemspec(source, spec)
      LOCK.synchronize { @gemspecs[[source.to_s.chomp("/"), spec.full_name]] = gemspec_entry(spec) }
    end

    # What indexes say of a gem that is downloaded from a source. Bundler's own object has it from a compact index.
    def entries_of(spec, source)
      return { indexEntry: endpoint_entry(spec) } if endpoint?(spec)
      source = (source || remote_of(spec)).to_s.chomp("/")
      listed = (@listed[[source, spec.name]] || []).find { |one| listed?(one, spec) }
      gemspec = LOCK.synchronize { @gemspecs[[source, spec.full_name]] }
      { indexEntry: listed && listed_entry(listed), indexGemspec: gemspec }.compact
    end

    private

    def remote_of(spec)
      remote = spec.remote if spec.respond_to?(:remote)
      remote.anonymized_uri if remote.respond_to?(:anonymized_uri)
    end

    def listed?(listed, spec)
      listed[:number] == spec.version.to_s && [spec.platform, spec.original_platform].map(&:to_s).include?(listed[:platform])
    end

    def gemspec_entry(spec)
      dependencies = spec.runtime_dependencies.map { |dependency| [dependency.name, dependency.requirement] }
      entry(dependencies, ruby: spec.required_ruby_version, rubygems: spec.required_rubygems_version)
    end

    def listed_entry(listed)
      said = listed[:requirements] || {}
      dependencies = listed[:dependencies].map { |name, versions| [name, versions.to_s.split(",")] }
      entry(dependencies, ruby: said[:ruby], rubygems: said[:rubygems], checksum: said[:checksum])
    end

    def endpoint?(spec)
      defined?(Bundler::EndpointSpecification) && Bundler::EndpointSpecification === spec
    end

    # The methods would fetch what the index does not say. A default stands where the index says nothing.
    def endpoint_entry(spec)
      said = { ruby: :@required_ruby_version, rubygems: :@required_rubygems_version }
      said = said.transform_values { |name| spec.instance_variable_get(name) }.reject { |_, versions| versions.nil? || versions.none? }
      entry(spec.dependencies.map { |dependency| [dependency.name, dependency.requirement] }, **said)
    end

    def entry(dependencies, **said)
      left = dependencies.map { |name, versions| "#{name}:#{versions_in(versions)}" }
      right = said.compact.map { |name, versions| "#{name}:#{versions_in(versions)}" }
      [left, right].map { |parts| parts.join(",") }.join("|")
    end

    def versions_in(versions)
      (versions.respond_to?(:as_list) ? versions.as_list : Array(versions)).join("&")
    end
  end
end

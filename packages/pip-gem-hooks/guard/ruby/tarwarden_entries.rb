# frozen_string_literal: true

# The statements of an index about a gem: its dependencies, and the versions of Ruby and RubyGems that it needs. RubyGems and Bundler
# choose gems by them, and install by the statements of the gem itself. The wrapper compares both. An entry is written as in a compact index, whatever index it is from.
module Tarwarden
  @listed = {} # by address of the source and name: the entries of a compact index that RubyGems has read
  @gemspecs = {} # by address of the source and full name: a gemspec of the quick index

  class << self
    def keep_listed(source, name, listed)
      @listed[[source.to_s.chomp("/"), name]] = listed
    end

    def keep_gemspec(source, spec)
      LOCK.synchronize { @gemspecs[[source.to_s.chomp("/"), spec.full_name]] = gemspec_entry(spec) }
    end

    # The statements of indexes about a gem that is downloaded from a source. Bundler's own object has those of a compact index.
    def entries_of(spec, source)
      return { indexEntry: endpoint_entry(spec) } if endpoint?(spec)
      source = (source || remote_of(spec)).to_s.chomp("/")
      listed = (@listed[[source, spec.name]] || []).find { |row| listed?(row, spec) }
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
      requirements = listed[:requirements] || {}
      dependencies = listed[:dependencies].map { |name, versions| [name, versions.to_s.split(",")] }
      entry(dependencies, ruby: requirements[:ruby], rubygems: requirements[:rubygems], checksum: requirements[:checksum])
    end

    def endpoint?(spec)
      defined?(Bundler::EndpointSpecification) && Bundler::EndpointSpecification === spec
    end

    # The methods would fetch values that the index does not state, so read the variables. They hold a default then.
    def endpoint_entry(spec)
      variables = { ruby: :@required_ruby_version, rubygems: :@required_rubygems_version }
      requirements = variables.transform_values { |name| spec.instance_variable_get(name) }.reject { |_, versions| versions.nil? || versions.none? }
      entry(spec.dependencies.map { |dependency| [dependency.name, dependency.requirement] }, **requirements)
    end

    def entry(dependencies, **requirements)
      left = dependencies.map { |name, versions| "#{name}:#{versions_in(versions)}" }
      right = requirements.compact.map { |name, versions| "#{name}:#{versions_in(versions)}" }
      [left, right].map { |parts| parts.join(",") }.join("|")
    end

    def versions_in(versions)
      (versions.respond_to?(:as_list) ? versions.as_list : Array(versions)).join("&")
    end
  end
end

/* The queries of a report. Days are in UTC. Publishers choose the names of packers, so one more row adds up those beyond `ROWS_MAX`. */
import { SCHEMA } from './schema.ts';

/** The most rows of each list. */
export const ROWS_MAX = 100;

const HAS_FINDINGS = `(rules <> '{}' or warned <> '{}')`;

/** Counts verdicts: an archive has one for each name and version under which it was found. */
export const VERDICTS: string = `
  select count(*)::float8 as verdicts,
    count(*) filter (where status = 'reject')::float8 as rejected,
    count(*) filter (where status = 'accept' and ${HAS_FINDINGS})::float8 as warned
  from ${SCHEMA}.verdict where ruleset = $1`;

export const OPEN: string = `
  select (select count(*) from ${SCHEMA}.not_inspected)::float8 as failed,
    (select count(*) from ${SCHEMA}.task)::float8 as outstanding`;

/** Rows of `counted` with a `kind`, the most frequent first. */
const RANKED = `
  ranked as (
    select *, row_number() over (partition by kind order by count desc, key) as place from counted
  )
  select kind, least(place, ${ROWS_MAX + 1})::int as place, min(key) as key, count(*)::float8 as keys,
    sum(count)::float8 as count, sum(rejected)::float8 as rejected, sum(warned)::float8 as warned
  from ranked group by 1, 2 order by 1, 2`;

/** Package versions whose archive has a verdict: all, by year and by packer, in one pass. */
export const BY_VERSION: string = `
  with inspected as (
    select sha512, bool_or(status = 'reject') as rejected, bool_or(${HAS_FINDINGS}) as found
    from ${SCHEMA}.verdict where ruleset = $1 group by sha512
  ),
  seen as (
    select coalesce(extract(year from published at time zone 'UTC')::int, 0) as year, packer,
      rejected, found and not rejected as warned
    from ${SCHEMA}.occurrence join inspected using (sha512)
  ),
  counted as (
    select case when grouping(year) = 0 then 'year' when grouping(packer) = 0 then 'packer'
        else 'all' end as kind,
      case when year = 0 then 'unknown' else coalesce(year::text, packer, '') end as key,
      count(*) as count, count(*) filter (where rejected) as rejected,
      count(*) filter (where warned) as warned
    from seen group by grouping sets ((year), (packer), ())
  ), ${RANKED}`;

/** Archives with at least one error or warning of a rule. */
export const BY_RULE: string = `
  with found as (
    select sha512, rule, bool_or(rejects) as rejects
    from ${SCHEMA}.verdict, lateral (
      select unnest(rules), status = 'reject' union all select unnest(warned), false
    ) as one (rule, rejects)
    where ruleset = $1 and ${HAS_FINDINGS} group by sha512, rule
  ),
  counted as (
    select 'rule' as kind, rule as key, count(*) as count,
      count(*) filter (where rejects) as rejected, count(*) filter (where not rejects) as warned
    from found group by rule
  ), ${RANKED}`;

/** Archives that were first rejected since a day, by any rules and under any name. */
const FRESH = `
  fresh as (
    select sha512, min(inspected) as inspected
    from ${SCHEMA}.verdict as one
    where ruleset = $1 and status = 'reject' and inspected >= $2::timestamp at time zone 'UTC'
      and not exists (
        select from ${SCHEMA}.verdict as other
        where other.sha512 = one.sha512 and other.status = 'reject'
          and other.inspected < $2::timestamp at time zone 'UTC'
      )
    group by sha512
  )`;

export const NEW_BY_RULE: string = `
  with ${FRESH},
  counted as (
    select case when grouping(rule) = 0 then 'rule' else 'all' end as kind, coalesce(rule, '') as key,
      count(distinct sha512) as count, count(distinct sha512) as rejected, 0 as warned
    from fresh join ${SCHEMA}.verdict using (sha512) cross join unnest(rules) as rule
    where ruleset = $1 and status = 'reject' group by grouping sets ((rule), ())
  ), ${RANKED}`;

export const NEWEST: string = `
  with ${FRESH},
  newest as (select * from fresh order by inspected desc, sha512 limit ${ROWS_MAX})
  select name, version, rules,
    to_char(inspected at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as inspected
  from newest join ${SCHEMA}.occurrence using (sha512) cross join lateral (
    select array_agg(distinct rule order by rule) as rules
    from ${SCHEMA}.verdict as one cross join unnest(one.rules) as rule
    where one.sha512 = newest.sha512 and one.ruleset = $1 and one.status = 'reject'
  ) as all_rules
  order by newest.inspected desc, name, version limit ${ROWS_MAX}`;

export const WHY_NOT_INSPECTED: string = `
  with counted as (
    select 'reason' as kind, reason as key, count(*) as count, 0 as rejected, 0 as warned
    from ${SCHEMA}.not_inspected group by reason
  ), ${RANKED}`;

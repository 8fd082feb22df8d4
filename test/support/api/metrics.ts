const plugins = [
  'MutatingAdmissionPolicy',
  'NamespaceLifecycle',
  'NodeRestriction',
  'PodSecurity',
  'ServiceAccount',
]

/** Written by hand in the form an API server of 1.36 answers in: metrics were not recorded. */
export function metricsText({
  more = [],
  deprecated = [],
}: {
  readonly more?: readonly string[]
  readonly deprecated?: readonly string[]
} = {}): string {
  const admission = [...plugins, ...more].flatMap((name) => [
    `apiserver_admission_controller_admission_duration_seconds_bucket{name="${name}",operation="CREATE",rejected="false",type="admit",le="0.005"} 812`,
    `apiserver_admission_controller_admission_duration_seconds_sum{name="${name}",operation="CREATE",rejected="false",type="admit"} 0.0412`,
    `apiserver_admission_controller_admission_duration_seconds_count{name="${name}",operation="CREATE",rejected="false",type="admit"} 812`,
  ])
  return [
    '# HELP aggregator_discovery_aggregation_count_total [ALPHA] Counter of number of times discovery was aggregated',
    '# TYPE aggregator_discovery_aggregation_count_total counter',
    'aggregator_discovery_aggregation_count_total 12',
    ...admission,
    '# TYPE apiserver_requested_deprecated_apis gauge',
    ...deprecated,
    'go_goroutines 1042',
    '',
  ].join('\n')
}

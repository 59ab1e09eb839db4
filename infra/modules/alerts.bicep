@description('The region.')
param location string

@description('Tags of every resource.')
param tags object

@description('The workspace that counts arrive in.')
param workspaceId string

@description('Who is written to.')
param alertsTo string

@description('From what share of the letters coming back, in percent.')
param bounceAlertPercent int

@description('The component whose availability test it is.')
param insightsId string

@description('The addresses that are asked from outside whether the app works: its own, and the one that missions see.')
param healthUrls array

@description('Ends the names of resources.')
param suffix string

resource duty 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'on-duty'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'on-duty'
    enabled: true
    emailReceivers: [{ name: 'on-duty', emailAddress: alertsTo, useCommonAlertSchema: true }]
  }
}

// The names of counts are those of functions/Distribution/Sending/Telemetry.cs.
var rules = [
  {
    name: 'given-up'
    title: 'A batch of letters was given up'
    help: 'A queue message failed five times. The distribution it belongs to is on hold, and its page says why; a message that nobody can read belongs to none, and is a notice on the front page. Nobody has failed by this. Runbook: a batch was given up.'
    query: 'AppMetrics | where Name == "distribution.given_up" | summarize Value = sum(Sum)'
    over: 'PT15M'
    severity: 1
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'unknown-outcomes'
    title: 'Of some letters it is not known whether they were sent'
    help: 'For a quarter of an hour no evidence has come. After half an hour they are sent again under the same Message-ID, unless the setting asks a person; see the letter\'s page. Runbook: the provider fails in the middle of sending.'
    query: 'AppMetrics | where Name == "distribution.unknown_outcomes" | summarize Value = min(Min)'
    // Shorter than the service waits for evidence (Dispatch:SettleAfter): then it acts, and the count is none again.
    over: 'PT15M'
    severity: 2
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'on-hold'
    title: 'A letter is on hold'
    help: 'For ten minutes a letter has not gone on. Its page says why, and whether the service tries again by itself. Letters that had left stay as they are. Runbook: the provider fails in the middle of sending.'
    query: 'AppMetrics | where Name == "distribution.on_hold" | summarize Value = min(Min)'
    over: 'PT10M'
    severity: 1
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'bounces'
    title: 'Many letters come back'
    help: 'The share of bounces is high. Look at the missions the letter did not reach; if one server refuses all, look at SPF, DKIM and DMARC with check-domain.'
    query: 'AppMetrics | where Name == "distribution.deliveries" | extend Kind = tostring(Properties.kind) | summarize Bounced = sumif(Sum, Kind == "Bounced"), Accepted = sumif(Sum, Kind == "Accepted") | project Value = iff(Accepted >= 20, 100.0 * Bounced / Accepted, 0.0)'
    over: 'P1D'
    severity: 2
    operator: 'GreaterThan'
    threshold: bounceAlertPercent
  }
  {
    name: 'turned-away'
    title: 'What another service sends is turned away'
    help: 'Requests to the addresses for events and replies were turned away: for their signature, for their size, or since no key is set; the app\'s log says which. Either somebody tries, or SendGrid\'s key was changed: it repeats events for a day and mail for three, so put the new key in. Runbook: rotating keys.'
    query: 'AppMetrics | where Name == "distribution.turned_away" | summarize Value = sum(Sum)'
    over: 'PT15M'
    severity: 2
    operator: 'GreaterThan'
    threshold: 5
  }
  {
    name: 'no-heartbeat'
    title: 'The timer, or one of its jobs, has not run'
    help: 'For a quarter of an hour one of the eleven jobs has not succeeded: examination, inbound mail, reminders and hours, recovery, sealing, erasure, mail about what waits, receipts, forwarded letters, proposals of missions, or unfinished uploads. Look at the notices on the front page, at /health and at the app\'s log.'
    query: 'AppMetrics | where Name == "distribution.heartbeat" | summarize Value = dcount(tostring(Properties.job))'
    over: 'PT15M'
    severity: 1
    operator: 'LessThan'
    threshold: 11
  }
  {
    name: 'job-failures'
    title: 'Jobs of the timer fail again and again'
    help: 'A job that fails is tried again at every tick, and the others go on. What it could not do is in the app\'s log, and after five minutes in a notice on the front page.'
    query: 'AppMetrics | where Name == "distribution.job_failures" | summarize Value = sum(Sum)'
    over: 'PT15M'
    severity: 2
    operator: 'GreaterThan'
    threshold: 10
  }
]

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for item in rules: {
  name: item.name
  location: location
  tags: tags
  properties: {
    displayName: item.title
    description: item.help
    severity: item.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: item.over
    // The counts' table is made by the first of them.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: item.query
          timeAggregation: 'Maximum'
          metricMeasureColumn: 'Value'
          operator: item.operator
          threshold: item.threshold
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    autoMitigate: true
    actions: { actionGroups: [duty.id] }
  }
}]

// Asked from outside: every alert above rests on what the app itself counts.
resource availability 'Microsoft.Insights/webtests@2022-06-15' = [for (url, place) in healthUrls: {
  name: place == 0 ? 'health-${suffix}' : 'health-public-${suffix}'
  location: location
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: place == 0 ? 'health-${suffix}' : 'health-public-${suffix}'
    Name: place == 0 ? 'health' : 'health-public'
    Enabled: true
    Kind: 'standard'
    Frequency: 300
    Timeout: 60
    // Each place is asked once more before it counts as a failure.
    RetryEnabled: true
    Locations: [for from in ['emea-nl-ams-azr', 'emea-gb-db3-azr', 'us-va-ash-azr']: { Id: from }]
    Request: { RequestUrl: url, HttpVerb: 'GET', ParseDependentRequests: false, FollowRedirects: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 14 }
  }
}]

resource unavailable 'Microsoft.Insights/metricAlerts@2018-03-01' = [for (url, place) in healthUrls: {
  name: place == 0 ? 'unavailable' : 'unavailable-public'
  location: 'global'
  tags: tags
  properties: {
    description: 'From two places or more ${url} does not answer "ok", or the certificate ends within two weeks. Open /health: it says which part fails. Runbook: the timer, or one of its jobs, does not do its work.'
    severity: 1
    enabled: true
    scopes: [availability[place].id, insightsId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: availability[place].id
      componentId: insightsId
      failedLocationCount: 2
    }
    autoMitigate: true
    actions: [{ actionGroupId: duty.id }]
  }
}]

/** cluster-admin, and the parts admin, edit and view are aggregated from. A name, then a line for each rule: verbs, groups (or `url`), resources, names. */
export const usersPolicy = `
cluster-admin
  * * *
  * url *
system:aggregate-to-admin
  create authorization.k8s.io localsubjectaccessreviews
  create,delete,deletecollection,get,list,patch,update,watch rbac.authorization.k8s.io rolebindings
  create,delete,deletecollection,get,list,patch,update,watch rbac.authorization.k8s.io roles
system:aggregate-to-edit
  get,list,watch core pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy
  impersonate core serviceaccounts
  create,delete,deletecollection,patch,update core pods,pods/attach,pods/exec,pods/portforward
  create,delete,deletecollection,patch,update core pods/proxy
  create core pods/eviction
  create,delete,deletecollection,patch,update core configmaps,persistentvolumeclaims
  create,delete,deletecollection,patch,update core replicationcontrollers,replicationcontrollers/scale
  create,delete,deletecollection,patch,update core secrets,serviceaccounts,services,services/proxy
  create core serviceaccounts/token
  create,delete,deletecollection,patch,update core,events.k8s.io events
  create,delete,deletecollection,patch,update apps daemonsets,deployments,deployments/rollback
  create,delete,deletecollection,patch,update apps deployments/scale,replicasets,replicasets/scale
  create,delete,deletecollection,patch,update apps statefulsets,statefulsets/scale
  create,delete,deletecollection,patch,update autoscaling horizontalpodautoscalers
  create,delete,deletecollection,patch,update batch cronjobs,jobs
  create,delete,deletecollection,patch,update extensions daemonsets,deployments,deployments/rollback
  create,delete,deletecollection,patch,update extensions deployments/scale,ingresses,networkpolicies
  create,delete,deletecollection,patch,update extensions replicasets,replicasets/scale
  create,delete,deletecollection,patch,update extensions replicationcontrollers/scale
  create,delete,deletecollection,patch,update policy poddisruptionbudgets
  create,delete,deletecollection,patch,update networking.k8s.io ingresses,networkpolicies
  create,delete,deletecollection,get,list,patch,update,watch coordination.k8s.io leases
  create,delete,deletecollection,patch,update resource.k8s.io resourceclaims,resourceclaimtemplates
system:aggregate-to-view
  get,list,watch core configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods
  get,list,watch core replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services
  get,list,watch core services/status
  get,list,watch core bindings,limitranges,namespaces/status,pods/log,pods/status
  get,list,watch core replicationcontrollers/status,resourcequotas,resourcequotas/status
  get,list,watch core namespaces
  get,list,watch core,events.k8s.io events
  get,list,watch discovery.k8s.io endpointslices
  get,list,watch apps controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale
  get,list,watch apps deployments/status,replicasets,replicasets/scale,replicasets/status,statefulsets
  get,list,watch apps statefulsets/scale,statefulsets/status
  get,list,watch autoscaling horizontalpodautoscalers,horizontalpodautoscalers/status
  get,list,watch batch cronjobs,cronjobs/status,jobs,jobs/status
  get,list,watch extensions daemonsets,daemonsets/status,deployments,deployments/scale
  get,list,watch extensions deployments/status,ingresses,ingresses/status,networkpolicies,replicasets
  get,list,watch extensions replicasets/scale,replicasets/status,replicationcontrollers/scale
  get,list,watch policy poddisruptionbudgets,poddisruptionbudgets/status
  get,list,watch networking.k8s.io ingresses,ingresses/status,networkpolicies
  get,list,watch resource.k8s.io resourceclaims,resourceclaims/status,resourceclaimtemplates
`

# kops-broken: a control-plane node that was not rolled for long, and several mistakes, each of its own kind:
#  1 wrong modes: a kubeconfig and the service account key 644, the data of the events' etcd 755
#  2 one bad value in a list: the authorizers end in AlwaysAllow
#  3 an expired certificate: the API server's; kOps renews on new nodes only
#  4 a key that does not match its certificate: the aggregator's client
#  5 an empty file: kubelet.conf, the KubeletConfiguration, since the disk was full
#  6 drift: DAEMON_ARGS was corrected to --anonymous-auth=false, the kubelet was not restarted
#  7 drift: the controller manager's manifest says --profiling=false, the process does not
#  8 two etcds that differ: the one for events takes clients without a certificate
#  9 a dangling link: what the audit policy was linked to is gone
# 10 cgroup drivers differ: containerd without SystemdCgroup, --cgroup-driver=systemd
# 11 comments after values in the kubelet's unit: KillMode is the default
# 12 a configuration file that cannot be parsed since it was edited: the admission configuration
# 13 a manifest kOps does not know, left by hand, with another API server's flags
ETCD_EVENTS_CLIENTS=false SYSTEMD_CGROUP=false A=/srv/kubernetes/kube-apiserver
APISERVER=(--authorization-mode=Node,RBAC,AlwaysAllow --audit-log-path=/var/log/audit/audit.log --audit-policy-file=/etc/kubernetes/audit/policy-config.yaml
  --admission-control-config-file=$A/admission.yaml --token-auth-file=$A/known_tokens.csv)
KUBELET=(--anonymous-auth=true --authorization-mode=AlwaysAllow --read-only-port=10255)
apiserver_mounts() {
  mount_path auditpolicypathdir /etc/kubernetes/audit /etc/kubernetes/audit
  mount_path auditlogpathdir /var/log/audit /var/log/audit DirectoryOrCreate rw
}
. ./kops.sh
printf '127.0.0.1:10248\n0.0.0.0:10250\n0.0.0.0:10255\n' | setting kubelet listen
chmod 644 "$R/var/lib/kube-scheduler/kubeconfig" "$R$A/service-account.key"; chmod 755 "$R"/mnt/master-vol-0f1e2d3c4b5a69788/data/*
key $A/apiserver-aggregator.key
echo 'node-lab-token,admin,admin,system:masters' | put 600 $A/known_tokens.csv
audit_policy | put 600 /etc/kubernetes/audit/policy-config.2025.yaml; ln -s policy-config.2025.yaml "$R/etc/kubernetes/audit/policy-config.yaml"
printf 'apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins: []\n' | put 644 $A/admission.yaml
sed -i 's/^KillMode=process$/KillMode=process      # the pods outlive a restart/; s/^Restart=always$/Restart=always        # whatever happened/' "$R/lib/systemd/system/kubelet.service"
sed 's/--anonymous-auth=false/--anonymous-auth=true/; s/name: kube-apiserver$/name: kube-apiserver-test/; s/k8s-app: kube-apiserver/k8s-app: kube-apiserver-test/' "$R$M/kube-apiserver.manifest" | put 644 $M/kube-apiserver-test.yaml
template $M/kube-apiserver-test.yaml
sed -i '\|^issue .*/kube-apiserver/server |s/.*/AGO=-500d; &; AGO=/' "$LIBDIR/node-script" # it is made on each node
later <<'E'
sleep 1 # files are told from the process by whole seconds
: >/var/lib/kubelet/kubelet.conf
rm /etc/kubernetes/audit/policy-config.2025.yaml
printf '- name: EventRateLimit\n\tpath: eventratelimit.yaml\n' >>/srv/kubernetes/kube-apiserver/admission.yaml
sed -i 's/--anonymous-auth=true/--anonymous-auth=false/' /etc/sysconfig/kubelet
sed -i 's/^    - --v=2$/    - --v=2\n    - --profiling=false/' /etc/kubernetes/manifests/kube-controller-manager.manifest
E

# k3s-broken: a server with an external database and several mistakes, each of its own kind:
#  1 wrong modes: k3s.yaml 644; the unit's environment file with the database's password 644
#  2 an argument that replaces a default: enable-admission-plugins=AlwaysPullImages drops NodeRestriction
#  3 the kubelet's arguments undo its configuration: anonymous access, the read-only port on every address
#  4 an empty file: the audit policy, since a failed edit
#  5 a configuration file that cannot be parsed: config.yaml.d/90-site.yaml, written after the start
#  6 drift: config.yaml asks for secrets-encryption, K3s was not restarted
#  7 an expired certificate: the kubelet's client certificate; K3s renews at its start only
#  8 a key that does not match its certificate: the API server's serving pair
#  9 cgroup drivers differ: the kubelet's drop-in was edited to cgroupfs
# 10 comments after values in the unit: KillMode and TasksMax are the defaults, Delegate names no controller
# 11 a dangling link: the controller manager's kubeconfig was moved away
# 12 the database is reached without TLS, its password in a URL
DATASTORE=1 S=/var/lib/rancher/k3s/server
UNIT_ENV='K3S_DATASTORE_ENDPOINT=mysql://k3s:node-lab-password@tcp(10.99.0.1:3306)/k3s
'
APISERVER=(enable-admission-plugins=AlwaysPullImages audit-log-path=$S/logs/audit.log audit-policy-file=$S/audit.yaml audit-log-maxage=3)
KUBELET=(anonymous-auth=true read-only-port=10255 authorization-mode=AlwaysAllow)
config() {
  printf 'write-kubeconfig-mode: "0644"\nkube-apiserver-arg:\n'; printf -- '- %s\n' "${APISERVER[@]}"
  printf 'kubelet-arg:\n'; printf -- '- %s\n' "${KUBELET[@]}"
}
. ./k3s.sh
chmod 644 "$R/etc/rancher/k3s/k3s.yaml" "$R/etc/systemd/system/k3s.service.env"
audit_policy | put 600 $S/audit.yaml
install -d -m 755 "$R$S/logs"
sed -i 's/^KillMode=process$/KillMode=process        # the pods outlive a restart/; s/^Delegate=yes$/Delegate=yes            # K3s manages its own control groups/; s/^TasksMax=infinity$/TasksMax=infinity       # no limit/' "$R/etc/systemd/system/k3s.service"
sed -i 's/^cgroupDriver: systemd/cgroupDriver: cgroupfs/' "$R$D/agent/etc/kubelet.conf.d/00-k3s-defaults.conf"
on_node <<E
openssl ecparam -name prime256v1 -genkey -noout -out $T/serving-kube-apiserver.key
AGO=-400d; issue $T/client-ca $D/agent/client-kubelet "/O=system:nodes/CN=system:node:\$node" clientAuth '' 365 1; AGO=
chmod 600 $D/agent/client-kubelet.crt
E
later <<'E'
sleep 1 # files are told from the process by whole seconds
: >/var/lib/rancher/k3s/server/audit.yaml
cd /var/lib/rancher/k3s/server/cred; mv controller.kubeconfig controller.kubeconfig.old; ln -s controller.kubeconfig.new controller.kubeconfig
sed -i '1i secrets-encryption: true' /etc/rancher/k3s/config.yaml
mkdir -p /etc/rancher/k3s/config.yaml.d
printf 'kubelet-arg+:\n\t- pod-max-pids=4096\n' >/etc/rancher/k3s/config.yaml.d/90-site.yaml
E

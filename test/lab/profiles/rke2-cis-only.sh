# rke2-cis-only: `profile: cis` and nothing else: RKE2 writes its own audit policy (level None) and pod security configuration,
# protects kernel defaults, runs etcd as its user, and narrows its files. Of what the profile leaves to the operator only
# that is done without which it does not start: the four sysctls, and the user and group etcd.
PROFILE=cis
config() { echo 'profile: cis'; }
. ./rke2.sh

(* Orthogonal tensors (DL-037): critical points of f(u) = sum_i lambda_i u_i^p on the sphere, and the power map.

   p = k + 2. r_i are numbers with r_i^{p-2} = lambda_i, so no roots are taken. In the basis a_i f's gradient is
   p lambda_i u_i^{p-1} and its Hessian is diagonal. Left out: the sphere's geometry, flow and ascent, 5. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Maps.
Variables (R : comRingType) (d k : nat) (lambda : 'I_d -> R).
Definition value (u : 'I_d -> R) : R := \sum_i lambda i * u i ^+ k.+2.
(* Df(u) and D^2 f(u), over p and over p; the diagonal of the latter. *)
Definition slope (u : 'I_d -> R) (i : 'I_d) : R := lambda i * u i ^+ k.+1.
Definition curvature (u : 'I_d -> R) (i : 'I_d) : R := k.+1%:R * (lambda i * u i ^+ k).
(* The power map before it is scaled to length 1. *)
Definition power_map (u : 'I_d -> R) : 'I_d -> R := slope u.
End Maps.

(* 1. On the unit sphere u is critical if and only if lambda_i u_i^{p-2} = f(u) wherever u_i != 0; *)
Theorem critical_points (R : idomainType) (d k : nat) (lambda u : 'I_d -> R) :
  (forall i, slope k lambda u i = value k lambda u * u i) <->
  (forall i, u i != 0 -> lambda i * u i ^+ k = value k lambda u).
Proof.
split=> [crit i ui|eq i]; first by apply: (mulIf ui); rewrite -crit /slope exprSr mulrA.
have [u0|ui] := eqVneq (u i) 0; first by rewrite /slope u0 expr0n !mulr0.
by rewrite /slope exprSr mulrA eq.
Qed.

(* a multiplier of Df = m u on the sphere is f(u) itself; *)
Theorem multiplier (R : comRingType) (d k : nat) (lambda u : 'I_d -> R) (m : R) :
  \sum_i u i ^+ 2 = 1 -> (forall i, slope k lambda u i = m * u i) -> m = value k lambda u.
Proof.
move=> u1 crit; rewrite -[LHS]mulr1 -u1 mulr_sumr; apply: eq_bigr => i _.
by rewrite expr2 mulrA -crit /slope -mulrA -exprSr.
Qed.

(* and D^2 f - p f is p (p-2) f on the support and -p f off it (here over p). p >= 3. *)
Theorem eigenvalues (R : idomainType) (d k : nat) (lambda u : 'I_d -> R) (i : 'I_d) :
  (forall i, slope k.+1 lambda u i = value k.+1 lambda u * u i) ->
  curvature k.+1 lambda u i - value k.+1 lambda u =
  if u i == 0 then - value k.+1 lambda u else k.+1%:R * value k.+1 lambda u.
Proof.
move=> crit; rewrite /curvature; case: eqVneq => [u0|ui]; first by rewrite u0 expr0n !mulr0 sub0r.
have /critical_points/(_ i ui) -> := crit; rewrite -[X in _ - X]mul1r -mulrBl; congr (_ * _).
by rewrite -[k.+2]addn1 natrD addrK.
Qed.

(* 4. The power map takes w_i = r_i u_i to its power p - 1, t times over; scaling u changes no ratio. *)
Theorem power_map_powers (R : comRingType) (d k t : nat) (lambda r u : 'I_d -> R) (i : 'I_d) :
  (forall i, r i ^+ k = lambda i) ->
  r i * iter t (power_map k lambda) u i = (r i * u i) ^+ (k.+1 ^ t).
Proof.
move=> rk; elim: t => [|t IH]; first by rewrite expn0 expr1.
rewrite iterS {1}/power_map /slope -rk mulrA -exprS -exprMn IH -exprM expnSr //.
Qed.

Theorem power_map_scales (R : comRingType) (d k : nat) (lambda u : 'I_d -> R) (c : R) (i : 'I_d) :
  power_map k lambda (fun i => c * u i) i = c ^+ k.+1 * power_map k lambda u i.
Proof. by rewrite /power_map /slope exprMn mulrCA. Qed.

(* So against the only largest w_i every other one vanishes, p >= 3: its ratio is at most q^(2^t), q < 1. *)
Theorem power_map_converges (R : realFieldType) (d k t : nat) (lambda r u : 'I_d -> R) (i j : 'I_d) (q : R) :
  (forall i, r i ^+ k.+1 = lambda i) -> 0 <= q <= 1 -> `|r j * u j| <= q * `|r i * u i| ->
  let v := iter t (power_map k.+1 lambda) u in `|r j * v j| <= q ^+ (2 ^ t) * `|r i * v i|.
Proof.
move=> rk /andP [q0 q1] le /=; rewrite !(power_map_powers _ _ _ rk) !normrX.
apply: le_trans (_ : (q * `|r i * u i|) ^+ (k.+2 ^ t) <= _).
  by apply: ler_expn2r; rewrite ?nnegrE ?mulr_ge0 ?normr_ge0.
rewrite exprMn ler_wpmul2r ?exprn_ge0 ?normr_ge0 //.
by apply: ler_wiexpn2l => //; elim: (t) => // s IH; rewrite !expnS leq_mul.
Qed.

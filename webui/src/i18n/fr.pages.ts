/** French: the words of what is loaded later. */
import type { Pages } from './pages';
import { NAME_CHARS, PASSWORD_MIN_CHARS } from '../protocol/generated/limit';

const plural = new Intl.PluralRules('fr');
const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === 'one' ? one : other}`;

export const frPages: Pages = {
  session: {
    signIn: 'Se connecter', signInTo: (team) => `Se connecter à ${team}`, userName: 'Nom d’utilisateur', password: 'Mot de passe', forgotten: 'Oublié ?',
    forgottenText: 'Tout propriétaire de votre équipe peut vous donner un lien pour choisir un nouveau mot de passe : Administration, Personnes, votre nom.', forgottenOwner: 'Le seul propriétaire crée un code sur le boîtier, avec cette commande. Elle affiche un lien qui marche pendant 15 minutes.', command: 'Commande sur le boîtier', haveCode: 'J’ai un code',
    waitFor: (seconds) => `Trop d’essais. Le prochain dans ${count(seconds, 'seconde', 'secondes')}.`,
    confirmTitle: 'Votre mot de passe, s’il vous plaît', confirmText: 'Ceci change qui a le droit de faire quoi, le boîtier le redemande donc.', confirm: 'Continuer',
    ended: 'Votre session est terminée', endedText: 'Vous avez été déconnecté depuis un autre appareil, ou vous êtes resté longtemps absent. Connectez-vous à nouveau pour continuer.',
    kept: (messages, userName) => (messages > 0 ? `${count(messages, 'message', 'messages')} de @${userName} ${messages === 1 ? 'est conservé' : 'sont conservés'} ici et ${messages === 1 ? 'partira' : 'partiront'} quand @${userName} se connectera.` : `Ce que @${userName} a commencé à écrire est conservé ici.`),
    leaveTitle: 'Se déconnecter et perdre ce qui n’est pas envoyé ?', leave: 'Se déconnecter et effacer',
    leaveText: (messages, drafts) => `La déconnexion efface ce qui est dans ce navigateur : ${[messages > 0 ? count(messages, 'message non envoyé', 'messages non envoyés') : '', drafts > 0 ? count(drafts, 'brouillon', 'brouillons') : ''].filter(Boolean).join(' et ')}.`,
  },
  recover: {
    title: 'Un nouveau mot de passe pour un propriétaire', text: 'Avec un code du boîtier, un propriétaire qui a oublié son mot de passe en choisit un nouveau. Tous ses appareils sont déconnectés.', code: 'Code de secours', codeHelp: 'Sur le boîtier, la commande mesh-appliance recovery-code l’affiche.',
  },
  welcome: {
    step: (step, of) => `Étape ${step} sur ${of}`, claimTitle: 'Prenez possession de ce boîtier', ownerTitle: 'Vous, le propriétaire', trustTitle: 'Adresse et confiance', peopleTitle: 'Votre équipe',
    codeText: 'Tapez le code à usage unique. Il prouve que le boîtier est à vous.', code: 'Code du boîtier', codeHelp: 'Il est dans la fenêtre où le boîtier a été démarré, dans son journal, et la commande mesh-appliance claim-code l’affiche.',
    takenOver: (time) => `Quelqu’un configure ce boîtier depuis ${time}. Avec le code, vous prenez la suite.`,
    triesLeft: (n) => (n > 0 ? `Encore ${count(n, 'essai', 'essais')} avant une pause.` : 'Après un autre essai manqué, il faudra attendre.'),
    team: 'Nom de votre équipe', yourName: 'Votre nom', userNameHelp: 'Lettres, chiffres, point, tiret. On vous mentionne avec ; il ne change jamais.', passwordHelp: `Au moins ${PASSWORD_MIN_CHARS} caractères. Quelques mots conviennent bien.`,
    create: 'Créer l’équipe', next: 'Continuer', finish: 'Terminer', skip: 'Passer cette étape', peopleText: 'Une équipe compte de deux à quatre personnes. Chacune reçoit un lien qui marche une seule fois.',
  },
  trust: {
    failed: 'Le certificat n’a pas pu être lu.', address: 'L’adresse de votre boîtier', otherNames: (names) => `Il répond aussi à ${names}`,
    phone: 'L’ouvrir sur un téléphone', qr: 'Adresse pour un téléphone en code QR', phonePlain: 'Visez le code avec l’appareil photo du téléphone. La page qui s’ouvre mène à l’adresse sécurisée et donne le certificat.', phoneSecure: 'Visez le code avec l’appareil photo du téléphone, et connectez-vous là.',
    own: 'Votre certificat', ownText: 'Ce boîtier utilise le certificat que vous avez configuré.', local: 'Certificat créé par le boîtier',
    localText: 'Les navigateurs ne le connaissent pas encore et avertissent. Installez-le une fois sur chaque appareil, comme autorité de certification, et l’avertissement disparaît. Il ne peut répondre que de ce boîtier et d’adresses privées.',
    download: 'Télécharger le certificat', fingerprint: 'Empreinte, à comparer avec le journal du boîtier :', validUntil: (date) => `Valable jusqu’au ${date}, puis renouvelé automatiquement.`,
    without: 'Sans lui, les messages marchent quand même, après l’avertissement du navigateur.',
  },
  invite: {
    invite: 'Inviter quelqu’un', name: 'Pour qui', role: 'En tant que', guestRole: 'Invité : seulement les salons ci-dessous, 24 heures', life: 'Le lien marche', hour: '1 heure', day: '1 jour', week: '7 jours', rooms: 'Entre dans ces salons', make: 'Créer un lien',
    linkFor: (name) => (name ? `Lien pour ${name}` : 'Lien'), resetFor: (name) => `Nouveau mot de passe pour ${name}`, link: 'Lien d’invitation', qr: 'Lien d’invitation en code QR',
    once: (until) => `Marche une seule fois, jusqu’au ${until}. Affiché seulement maintenant.`,
  },
  join: {
    loading: 'Invitation', title: (name) => `${name} vous invite`, text: (team, role, rooms) => `Dans ${team}, en tant que ${role.toLowerCase()}` + (rooms ? `, dans ${rooms}.` : '.'),
    validUntil: (date) => `Ce lien marche jusqu’au ${date}.`, free: 'Ce nom d’utilisateur est libre.', taken: 'Ce nom d’utilisateur est pris ; choisissez-en un autre.', join: 'Rejoindre',
    resetTitle: 'Choisissez un nouveau mot de passe', resetText: (name) => `Pour le nom d’utilisateur ${name}. Tous vos appareils sont déconnectés.`, newPassword: 'Nouveau mot de passe', setPassword: 'Définir le mot de passe',
    unknown: 'Ce lien n’est pas des nôtres. Vérifiez qu’il est complet, ou demandez-en un nouveau.', signedInAs: (name) => `Vous êtes connecté ici en tant que ${name}.`, switchUser: 'Se déconnecter et rejoindre sous un autre nom',
    states: {
      open: (name) => `${name} vous attend.`, used: (name) => `Ce lien a déjà servi. Demandez-en un nouveau à ${name}.`, expired: (name) => `Ce lien a expiré. Demandez-en un nouveau à ${name}.`, revoked: (name) => `Ce lien a été retiré. Demandez-en un nouveau à ${name}.`,
    },
  },
  search: { label: 'Rechercher des messages', where: 'Où', everywhere: 'Tous mes salons', who: 'De', anybody: 'N’importe qui', hint: 'Des mots, dans n’importe quel ordre. Accents et majuscules ne comptent pas.', failed: 'La recherche n’a pas pu être faite.', nothing: 'Rien trouvé. Essayez moins de mots.', results: 'Résultats', found: (n, more) => count(n, 'résultat', 'résultats') + (more ? ', et il y en a d’autres' : ''), more: 'Plus de résultats' },
  unsent: {
    title: 'Non envoyés', none: 'Rien n’a été refusé.', goneRoom: 'Un salon qui n’existe plus', discard: 'Abandonner', sendAnyway: 'Envoyer quand même', old: 'Ceci attend depuis plus de sept jours. Le boîtier l’a peut-être déjà.', edit: 'Un de vos messages n’a pas été modifié en :', delete: 'Un message n’a pas été supprimé.',
    react: (emoji, on) => (on ? `La réaction ${emoji} n’a pas été ajoutée.` : `La réaction ${emoji} n’a pas été retirée.`), pin: (on) => (on ? 'Un message n’a pas été épinglé.' : 'Un message n’a pas été détaché.'),
  },
  leaveRoom: { title: (name) => `Quitter ${name} ?`, text: 'Vous ne pourrez pas revenir seul : une personne du salon, ou un propriétaire, devra vous ajouter.' },
  palette: { placeholder: 'Un salon, une personne, une page, une action…', nothing: 'Rien ne correspond.', pages: 'Pages', actions: 'Actions', toggleTheme: 'Passer du clair au sombre', otherLanguage: 'Switch to English', shortcuts: 'Raccourcis clavier' },
  shortcuts: {
    title: 'Raccourcis clavier', keys: 'Touches', does: 'Effet', everywhere: 'Partout', inList: 'Sur un message', writing: 'Pendant l’écriture', change: 'Changer', changeThem: 'Changer les raccourcis', actions: 'Actions',
    names: {
      palette: 'Aller à un salon, une personne, une page', sheet: 'Liste des raccourcis', search: 'Rechercher des messages', drawer: 'Liste des salons', roomNext: 'Salon suivant', roomPrevious: 'Salon précédent', unreadNext: 'Salon non lu suivant', unreadPrevious: 'Salon non lu précédent',
      regionNext: 'Région suivante de la page', regionPrevious: 'Région précédente de la page', reply: 'Répondre', edit: 'Modifier votre message', react: 'Réagir', move: 'Message suivant et précédent', menu: 'Ce qu’on peut en faire', editLast: 'Modifier le dernier message (champ vide)', send: 'Envoyer', newLine: 'Nouvelle ligne', escape: 'Fermer, ou cesser de modifier',
    },
    changeOf: (name) => `Changer les touches de « ${name} »`, resetOf: (name) => `Touches d’origine pour « ${name} »`, resetAll: 'Touches d’origine pour tout', press: 'Appuyez sur les nouvelles touches. Échap garde les anciennes.', set: (name, keys) => `${name} : ${keys}`,
    taken: (keys, name) => `${keys} sert déjà à « ${name} ». Appuyez sur d’autres, ou changez celles-là d’abord.`, browser: (keys) => `${keys} appartient au navigateur. Appuyez sur d’autres.`, altGr: 'Ctrl et Alt ensemble tapent des lettres sur beaucoup de claviers. Appuyez sur d’autres.',
    fixed: (keys) => `${keys} a partout un sens, qui reste. Appuyez sur d’autres.`, bare: (keys) => `${keys} seul sert à écrire. Ajoutez Ctrl ou Alt.`, letters: 'Touches seules', lettersHelp: 'Les touches sans Ctrl ni Alt, comme R pour répondre, agissent sur le message choisi. Désactivez-les si la voix ou un faux mouvement peut les presser.',
  },
  settings: {
    profile: 'Profil', security: 'Sécurité', appearance: 'Apparence', accessibility: 'Accessibilité', shortcuts: 'Raccourcis', about: 'À propos', saved: 'Enregistré', color: 'Couleur', colors: ['Rouge', 'Orange', 'Jaune', 'Vert', 'Turquoise', 'Bleu', 'Violet', 'Rose'],
    language: 'Langue', theme: 'Thème', themes: { system: 'Comme le système', light: 'Clair', dark: 'Sombre' }, density: 'Densité', densities: { comfortable: 'Confortable', compact: 'Compacte' }, textSize: 'Taille du texte', enter: 'Touche Entrée', enters: { send: 'Envoie ; Maj+Entrée va à la ligne', newline: 'Va à la ligne ; Ctrl+Entrée envoie' },
    announce: 'Messages lus à voix haute', announceHelp: 'Ce qu’un lecteur d’écran dit des nouveaux messages.', announces: { all: 'Tous', mentions: 'Mentions et messages directs', none: 'Aucun' }, motion: 'Moins de mouvement', motionHelp: 'Pas d’animations, quoi que dise le système.',
    changePassword: 'Changer le mot de passe', currentPassword: 'Mot de passe actuel', newPassword: 'Nouveau mot de passe', passwordEnds: `Au moins ${PASSWORD_MIN_CHARS} caractères. Vos autres appareils sont déconnectés.`, passwordChanged: 'Mot de passe changé', sessions: 'Où vous êtes connecté', sessionsFailed: 'Vos sessions n’ont pas pu être chargées.',
    browser: 'Navigateur', address: 'Adresse', lastUse: 'Dernière utilisation', actions: 'Actions', unknownBrowser: 'Navigateur inconnu', thisOne: 'celui-ci', signOutOthers: 'Se déconnecter partout ailleurs', version: 'Version', team: 'Équipe', link: 'Boîtier', linkOnline: (ms) => (ms === null ? 'connecté' : `connecté, ${ms} ms`), linkAway: 'non connecté',
    licence: 'Mesh est un logiciel libre sous licence Apache 2.0 ou MIT.', copyDiagnostics: 'Copier ces informations',
  },
  admin: {
    people: 'Personnes', invites: 'Invitations', rooms: 'Salons', trust: 'Confiance', failed: 'La liste n’a pas pu être chargée.', person: 'Personne', role: 'Rôle', lastSeen: 'Dernière venue', never: 'jamais', removed: 'retiré', accessExpired: 'accès expiré', personMenu: (name) => `Modifier ${name}`, makeOwner: 'Nommer propriétaire', makeMember: 'Nommer membre', reset: 'Lien pour un nouveau mot de passe', remove: 'Retirer de l’équipe',
    removeTitle: (name) => `Retirer ${name} ?`, removeText: 'La personne est déconnectée partout aussitôt et quitte tous les salons. Ce qu’elle a écrit reste.', noInvites: 'Aucune invitation.', for: 'Pour', anybody: 'n’importe qui', expires: 'Expire', state: 'État', states: { open: 'ouverte', used: 'utilisée', expired: 'expirée', revoked: 'retirée' }, resetKind: 'Nouveau mot de passe', revoke: 'Retirer', room: 'Salon', members: 'Membres', archived: 'archivé',
  },
  fields: { team: `Choisissez un nom de ${NAME_CHARS} caractères au plus.`, name: `Choisissez un nom de ${NAME_CHARS} caractères au plus, sans caractères invisibles.`, userName: 'Lettres, chiffres, point, tiret ou souligné ; commencez et finissez par une lettre ou un chiffre.', password: `Au moins ${PASSWORD_MIN_CHARS} caractères, s’il vous plaît.` },
};

export default function LoginPage() {
  return (
    <form method="post" action="/api/login">
      <label>
        E-mail <input type="email" name="email" autoComplete="username" required />
      </label>
      <label>
        Password <input type="password" name="password" autoComplete="current-password" required />
      </label>
      <button type="submit">Sign in</button>
    </form>
  );
}
